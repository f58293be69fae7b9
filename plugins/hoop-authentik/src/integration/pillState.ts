import type { Integration } from 'backstage-plugin-hoop-authentik-common';

/** What the pill of an integration counts; pure. @internal */
export function pillState({ state, warnings, problems, checks }: Integration) {
  return {
    state,
    warnings,
    failures: problems.filter(({ severity }) => severity === 'fail').length,
    partly: checks.some(({ status }) => status === 'pass'),
  };
}
