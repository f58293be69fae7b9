import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { adminGroup } from './adminGroup';
import { administrator } from './administrator';
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
import { declaredBindings } from './declaredBindings';
import { discovery } from './discovery';
import { emailClaim } from './emailClaim';
import { encryptionKey } from './encryptionKey';
import { firstUser } from './firstUser';
import { gatewayReachable } from './gatewayReachable';
import { gatewayVersion } from './gatewayVersion';
import { grantTypes } from './grantTypes';
import { groupsClaim } from './groupsClaim';
import { image } from './image';
import { issuerMode } from './issuerMode';
import { loginUrl } from './loginUrl';
import { oidcLoaded } from './oidcLoaded';
import { permissions } from './permissions';
import { provider } from './provider';
import { redirectUri } from './redirectUri';
import { restarted } from './restarted';
import { rollout } from './rollout';
import { scopes } from './scopes';
import { settings } from './settings';
import { shadowing } from './shadowing';
import { signingKey } from './signingKey';
import { signingKeyExpiry } from './signingKeyExpiry';
import { signingKeyShared } from './signingKeyShared';
import { storedConfiguration } from './storedConfiguration';
import { targetReachable } from './targetReachable';
import { testAccount } from './testAccount';
import { tokenSize } from './tokenSize';

export type { CheckDefinition, CheckInput, Finding } from './check';

/**
 * Every check, in the order in which people read them: cause before consequence.
 *
 * @public
 */
export const CHECKS: readonly CheckDefinition[] = [
  authentikReachable,
  permissions,
  application,
  provider,
  redirectUri,
  signingKey,
  signingKeyExpiry,
  signingKeyShared,
  encryptionKey,
  scopes,
  grantTypes,
  bindings,
  declaredBindings,
  issuerMode,
  discovery,
  authorizeProbe,
  clientSecret,
  groupsClaim,
  emailClaim,
  tokenSize,
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
  adminGroup,
  administrator,
  firstUser,
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
  { observed: { targetCapabilities } }: CheckInput,
): Finding | undefined {
  return system === 'kubernetes' && !targetCapabilities.showsEnvironment
    ? skipped(`the settings are kept in ${targetCapabilities.keptIn}`)
    : undefined;
}

/** The checks that can be proven before a gateway is switched, and must be. @public */
export const PREFLIGHT_CHECKS = CHECKS.filter(({ preflight }) => preflight);
