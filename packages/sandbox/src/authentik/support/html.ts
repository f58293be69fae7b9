/** @internal */
export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

const STYLE = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
  body { margin: 0; display: grid; min-height: 100vh; place-items: center; }
  main { width: min(24rem, 90vw); padding: 2rem; border: 1px solid #8888; border-radius: 8px; }
  .badge { margin: 0 0 1rem; padding: .4rem .8rem; background: #fd4b2d; color: #000; border-radius: 4px; font-weight: 600; }
  label { display: block; margin: 1rem 0 .3rem; }
  input { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; border: 1px solid #767676; border-radius: 4px; }
  button { margin-top: 1.5rem; width: 100%; padding: .7rem; font: inherit; font-weight: 600; border: 0; border-radius: 4px; background: #1a4fd0; color: #fff; cursor: pointer; }
  [role=alert] { padding: .6rem; border-left: 4px solid #c9190b; }
`;

/**
 * A whole page. The badge keeps anybody from taking the sandbox for a real authentik.
 *
 * @internal
 */
export function page(options: {
  title: string;
  heading: string;
  body: string;
}): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<div class="badge">Sandbox authentik</div>
<h1>${escapeHtml(options.heading)}</h1>
${options.body}
</main>
</body>
</html>
`;
}

/** @internal */
export function errorPage(heading: string, paragraph?: string): string {
  return page({
    title: 'authentik',
    heading,
    body: paragraph ? `<p>${escapeHtml(paragraph)}</p>` : '',
  });
}
