import {
  integrationState,
  type Check,
  type Command,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import { SecretValue } from '../core';
import { authMethod } from './checks/authMethod';
import { loginUrl } from './checks/loginUrl';
import { CHECKS, runChecks } from './checks';
import { testAccount } from './checks/testAccount';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from './types';

/**
 * What is shown of an integration; pure, and without any secret.
 *
 * @public
 */
export function integrationReport(
  entityRef: string,
  configured: { gateway: GatewayConfig; authentik: AuthentikInstanceConfig },
  desired: DesiredIntegration,
  observed: ObservedIntegration,
): Integration {
  const { gateway, authentik } = configured;
  const checks = runChecks(
    { desired, observed },
    // What was not asked for is no news.
    CHECKS.filter(
      ({ id }) =>
        (id !== loginUrl.id || observed.gateway.loginUrl) &&
        (id !== testAccount.id || observed.gateway.signIn),
    ),
  );
  const application = valueOf(observed.authentik.application);
  const info = valueOf(observed.gateway.info);
  return {
    entityRef,
    state: integrationState(checks, stateFacts(checks, desired, observed)),
    gateway: {
      name: gateway.name,
      title: gateway.title,
      url: gateway.url,
      version: info?.version,
      authMethod: info?.authMethod,
    },
    authentik: {
      name: authentik.name,
      baseUrl: authentik.baseUrl,
      version: observed.authentik.version,
    },
    application: {
      slug: desired.application.slug,
      exists: observed.authentik.application.ok
        ? application !== undefined
        : undefined,
      name: application?.name,
      clientId: valueOf(observed.authentik.provider)?.clientId,
      issuer: desired.issuer,
      adminUrl: desired.application.adminUrl,
    },
    checks,
    commands: signInCommands(gateway.url),
    observedAt: observed.now.toISOString(),
  };
}

/** The guide's verification step. @public */
export function signInCommands(gatewayUrl: string): Command[] {
  return [
    {
      title: 'Create the client configuration',
      command: `hoop config create --api-url ${gatewayUrl}`,
    },
    { title: 'Sign in', command: 'hoop login' },
  ];
}

function stateFacts(
  checks: Check[],
  desired: DesiredIntegration,
  observed: ObservedIntegration,
): { usesAuthentik: boolean; settingsInUse: boolean } {
  const target = valueOf(observed.target);
  const storedIssuer = knownIssuer(observed);
  const signsInWithOpenId =
    authMethod.run({ desired, observed }).status === 'pass';
  const settingsAsWanted = checks.some(
    ({ id, status }) => id === 'kubernetes.settings' && status === 'pass',
  );
  return {
    // Where neither target nor gateway tells the issuer, all we know is that it is some OpenID provider.
    usesAuthentik:
      storedIssuer === undefined
        ? signsInWithOpenId
        : storedIssuer.startsWith(`${desired.authentik.baseUrl}/`),
    settingsInUse: !(
      settingsAsWanted &&
      target &&
      target.state.rollout.problems.length === 0 &&
      !(target.state.rollout.done && target.state.settingsInUse)
    ),
  };
}

/** `undefined` where it cannot be told; empty where there is none. */
function knownIssuer({
  targetCapabilities,
  target,
  gateway,
}: ObservedIntegration): string | undefined {
  if (targetCapabilities.showsEnvironment) {
    const issuer = valueOf(target)?.state.settings.IDP_ISSUER;
    return issuer?.value instanceof SecretValue
      ? issuer.value.reveal()
      : issuer && (issuer.value ?? '');
  }
  // What the gateway tells of itself. Other methods may leave the issuer of an earlier one behind.
  if (gateway.authConfig?.ok) {
    const { authMethod: method, oidc } = gateway.authConfig.value;
    return (method === 'oidc' && oidc?.issuer) || '';
  }
  return gateway.loginUrl?.ok ? gateway.loginUrl.value.endpoint : undefined;
}

function valueOf<T>(observation: Observation<T>): T | undefined {
  return observation.ok ? observation.value : undefined;
}
