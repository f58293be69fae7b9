import { skipped, withValue, type CheckDefinition } from './check';

/** The first version that reads each of what the five settings need. */
const GROUPS_CLAIM_SINCE = [1, 35, 0];
const AUTH_METHOD_SINCE = [1, 38, 0];

const REMEDY =
  'Upgrade the gateway to 1.38.0 or newer: from there on it reads the settings as the guide gives them.';

/** @internal */
export const gatewayVersion: CheckDefinition = {
  id: 'gateway.version',
  system: 'gateway',
  title: 'Gateway version knows the settings',
  why: 'Older gateways read other settings or call them differently, so that what is written here may mean nothing to them.',
  mend: 'Upgrade the gateway to the version that the finding names.',
  preflight: false,
  run: ({ observed }) =>
    withValue(observed.gateway.info, ({ version }) => {
      if (version === undefined) {
        return skipped(
          'the gateway, or a proxy in front of it, does not tell its version',
        );
      }
      const found = numbersOf(version);
      if (!found) {
        return skipped(`${version} is no version with numbers`);
      }
      if (isBefore(found, GROUPS_CLAIM_SINCE)) {
        return {
          status: 'fail',
          expected: '1.38.0 or newer',
          actual: `${version}, which does not read IDP_GROUPS_CLAIM: groups never arrive`,
          remedy: REMEDY,
        };
      }
      if (isBefore(found, AUTH_METHOD_SINCE)) {
        return {
          status: 'warn',
          expected: '1.38.0 or newer',
          actual: `${version}, which does not know AUTH_METHOD=oidc and falls back on what it finds`,
          remedy: REMEDY,
        };
      }
      return { status: 'pass', expected: '1.38.0 or newer', actual: version };
    }),
};

/** A pre-release counts as the release it comes before: the settings were there by then. */
function numbersOf(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?!\d)/.exec(version);
  return match?.slice(1).map(Number);
}

function isBefore(version: number[], limit: number[]): boolean {
  const index = version.findIndex((part, at) => part !== limit[at]);
  return index !== -1 && version[index] < limit[index];
}
