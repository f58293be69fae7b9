import { escapeHtml, page } from '../support/html';

/** @internal */
export function signInPage(options: {
  action: string;
  application?: string;
  username?: string;
  failed?: boolean;
}): string {
  const target = options.application
    ? `<p>Log in to continue to ${escapeHtml(options.application)}.</p>`
    : '';
  const alert = options.failed
    ? '<p role="alert" id="problem">Invalid user name or password.</p>'
    : '';
  const described = options.failed
    ? ' aria-describedby="problem" aria-invalid="true"'
    : '';
  return page({
    title: 'Log in - Sandbox authentik',
    heading: 'Welcome to the sandbox',
    body: `${target}${alert}
<form method="post" action="${escapeHtml(options.action)}">
<label for="uid_field">User name or e-mail</label>
<input id="uid_field" name="uid_field" type="text" autocomplete="username" required autofocus value="${escapeHtml(
      options.username ?? '',
    )}"${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}>
<button type="submit">Log in</button>
</form>`,
  });
}

/** @internal */
export function consentPage(options: {
  action: string;
  header: string;
  permissions: { name: string; id: string }[];
  token: string;
}): string {
  const items = options.permissions
    .map(one => `<li>${escapeHtml(one.name || one.id)}</li>`)
    .join('');
  return page({
    title: 'Consent - Sandbox authentik',
    heading: 'Consent',
    body: `<p>${escapeHtml(options.header)}</p>
<p>The application will get:</p>
<ul>${items}</ul>
<form method="post" action="${escapeHtml(options.action)}">
<input type="hidden" name="token" value="${escapeHtml(options.token)}">
<button type="submit">Continue</button>
</form>`,
  });
}

/** @internal */
export function deniedPage(username?: string): string {
  const who = username
    ? `<div>Signed in as ${escapeHtml(
        username,
      )}. <a href="/flows/-/default/invalidation/">Not you?</a></div>`
    : '';
  return page({
    title: 'Permission denied - authentik',
    heading: 'Permission denied',
    body: `${who}<p>Request has been denied.</p>`,
  });
}

/** @internal */
export function signedOutPage(): string {
  return page({
    title: 'Logged out - Sandbox authentik',
    heading: 'You have logged out',
    body: '<p>You can close this window.</p>',
  });
}

/** @internal */
export function homePage(version: string): string {
  return page({
    title: 'Sandbox authentik',
    heading: 'Sandbox authentik',
    body: `<p>This is a stand-in for authentik ${escapeHtml(
      version,
    )}. It keeps everything in memory and must not be used to protect anything.</p>`,
  });
}
