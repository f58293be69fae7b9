import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { apiUrl } from './apiUrl';
import { application } from './application';
import { authMethod } from './authMethod';
import { authentikReachable } from './authentikReachable';
import { authorizeProbe } from './authorizeProbe';
import { bindings } from './bindings';
import {
  skipped,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import { clientSecret } from './clientSecret';
import { discovery } from './discovery';
import { gatewayReachable } from './gatewayReachable';
import { gatewayVersion } from './gatewayVersion';
import { grantTypes } from './grantTypes';
import { image } from './image';
import { loginUrl } from './loginUrl';
import { oidcLoaded } from './oidcLoaded';
import { provider } from './provider';
import { redirectUri } from './redirectUri';
import { restarted } from './restarted';
import { rollout } from './rollout';
import { scopes } from './scopes';
import { settings } from './settings';
import { shadowing } from './shadowing';
import { signingKey } from './signingKey';
import { storedConfiguration } from './storedConfiguration';
import { targetReachable } from './targetReachable';
import { testAccount } from './testAccount';

export type { CheckDefinition, CheckInput, Finding } from './check';

/**
 * Every check, in the order in which people read them: cause before consequence.
 *
 * @public
 */
export const CHECKS: readonly CheckDefinition[] = [
  authentikReachable,
  application,
  provider,
  redirectUri,
  signingKey,
  scopes,
  grantTypes,
  bindings,
  discovery,
  authorizeProbe,
  clientSecret,
  targetReachable,
  settings,
  shadowing,
  rollout,
  restarted,
  image,
  gatewayReachable,
  gatewayVersion,
  apiUrl,
  storedConfiguration,
  authMethod,
  oidcLoaded,
  loginUrl,
  testAccount,
];

/**
 * Holds what was observed against what is wanted; pure.
 *
 * @public
 */
export function runChecks(
  input: CheckInput,
  checks: readonly CheckDefinition[] = CHECKS,
): Check[] {
  return checks.map(({ id, system, title, run }) => ({
    id,
    system,
    title,
    ...(notInCluster(system, input) ?? run(input)),
  }));
}

/** Where the settings are kept elsewhere, no cluster is known, and nothing can be said of it. */
function notInCluster(
  system: CheckDefinition['system'],
  { observed: { targetType } }: CheckInput,
): Finding | undefined {
  return system === 'kubernetes' && targetType !== 'kubernetes'
    ? skipped(
        `the settings are kept elsewhere (target "${targetType}" in app-config)`,
      )
    : undefined;
}

/** The checks that can be proven before a gateway is switched, and must be. @public */
export const PREFLIGHT_CHECKS = CHECKS.filter(({ preflight }) => preflight);
