import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { reasonOf } from '../../core';
import { adminGroup, administrator, firstUser } from './administrators';
import { bindings, declaredBindings } from './authentikAccess';
import {
  application,
  authentikReachable,
  permissions,
} from './authentikApplication';
import { emailClaim, groupsClaim, scopes, tokenSize } from './authentikClaims';
import {
  clientSecret,
  encryptionKey,
  grantTypes,
  provider,
  redirectUri,
} from './authentikProvider';
import {
  signingKey,
  signingKeyExpiry,
  signingKeyShared,
} from './authentikSigningKey';
import {
  skipped,
  type AddedCheck,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import {
  apiUrl,
  authMethod,
  gatewayReachable,
  gatewayVersion,
  oidcLoaded,
} from './gateway';
import { authorize, discovery, issuerMode } from './issuer';
import {
  image,
  restarted,
  rollout,
  settings,
  shadowing,
  targetReachable,
} from './kubernetes';
import { loginUrl, testAccount } from './signIn';
import { storedConfiguration } from './storedConfiguration';

/**
 * Every check that comes with the plugins, in the order in which people read them: cause before consequence.
 *
 * @alpha
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
  authorize,
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

/** The checks that can be proven before a gateway is switched, and must be. @internal */
export const PREFLIGHT_CHECKS = CHECKS.filter(({ preflight }) => preflight);

/**
 * Compares what was observed with what is wanted; pure.
 *
 * @alpha
 */
export function runChecks(
  input: CheckInput,
  checks: readonly (CheckDefinition | AddedCheck)[] = CHECKS,
): Check[] {
  return checks.map(check => ({
    id: check.id,
    system: check.system,
    title: check.title,
    ...(notInCluster(check.system, input) ?? runOne(check, input)),
  }));
}

/** A check of a third party that throws is a warning about that check, and no reason to show nothing else. */
function runOne(
  check: CheckDefinition | AddedCheck,
  input: CheckInput,
): Finding {
  if (!isAdded(check)) {
    return check.run(input);
  }
  try {
    return check.run(input);
  } catch (error) {
    return {
      status: 'warn',
      expected: 'a check that runs',
      actual: `the check itself failed: ${reasonOf(error)}`,
      remedy: `Report this to the team that added the check ${check.id}.`,
    };
  }
}

function isAdded({ id }: CheckDefinition | AddedCheck): boolean {
  return id.includes('.x-');
}

/** Where the settings are kept elsewhere, no cluster is known, and its checks do not apply. */
function notInCluster(
  system: CheckDefinition['system'],
  { observed: { targetCapabilities } }: CheckInput,
): Finding | undefined {
  return system === 'kubernetes' && !targetCapabilities.showsEnvironment
    ? skipped(`the settings are kept in ${targetCapabilities.keptIn}`, {
        keptIn: targetCapabilities.keptIn,
      })
    : undefined;
}
