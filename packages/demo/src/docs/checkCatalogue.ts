import type { CheckDefinition } from 'backstage-plugin-hoop-authentik-node/alpha';

/** Where the catalogue is kept, from the root of the repository. */
export const CATALOGUE_PATH = 'docs/checks.md';

const SYSTEMS: Record<CheckDefinition['system'], string> = {
  authentik: 'authentik',
  kubernetes: 'Kubernetes',
  gateway: 'Gateway',
  'sign-in': 'Sign-in',
};

const INTRODUCTION = `# Checks

This page is made from the checks themselves: change it there, then run \`yarn docs:checks\`.

Each check compares one observed fact with what is required, and finds \`pass\`, \`warn\` (works, but needs attention),
\`fail\`, \`unknown\` (an outage or a refusal keeps it from being decided, and is named as its cause) or \`skipped\` (it does not
apply, or not until another check passes). What has to pass **before a switch** is proven before anything is written to a
gateway. A check about **lock-out** can be waived with \`allowLockout\`.

What makes each of them fail, and which others fail with it, is in [a table of scenarios](check-scenarios.md), each of which runs
in a test. Checks of your own are added [with a module](checks-extension.md).`;

/** The catalogue as a page of Markdown, in the order in which people read checks; pure. */
export function checkCatalogue(checks: readonly CheckDefinition[]): string {
  const systems = [...new Set(checks.map(({ system }) => system))];
  const sections = systems.map(system =>
    [
      `## ${SYSTEMS[system]}`,
      ...checks.filter(check => check.system === system).map(entry),
    ].join('\n\n'),
  );
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

function entry({ id, title, why, remedy, ...check }: CheckDefinition): string {
  const marks = [
    ...(check.preflight ? ['before a switch'] : []),
    ...(check.lockout ? ['lock-out'] : []),
  ];
  return [
    `### ${title}`,
    `\`${id}\`${marks.map(mark => ` · **${mark}**`).join('')}`,
    ...(why ? [why] : []),
    ...(remedy ? [`What to do: ${remedy}`] : []),
  ].join('\n\n');
}
