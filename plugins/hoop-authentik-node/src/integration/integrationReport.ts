import {
  integrationState,
  type Check,
  type Command,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import { SecretValue } from '../support';
import { authMethod } from './checks/authMethod';
import { loginUrl } from './checks/loginUrl';
import { CHECKS, runChecks } from './checks';
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
    CHECKS.filter(({ id }) => id !== loginUrl.id || observed.gateway.loginUrl),
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
      version: valueOf(observed.authentik.version),
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
  const issuer = target?.state.settings.IDP_ISSUER.value;
  const storedIssuer =
    issuer instanceof SecretValue ? issuer.reveal() : issuer ?? '';
  const signsInWithOpenId =
    authMethod.run({ desired, observed }).status === 'pass';
  const settingsAsWanted = checks.some(
    ({ id, status }) => id === 'kubernetes.settings' && status === 'pass',
  );
  return {
    // Where the cluster cannot be read, all we know is that it is some OpenID provider.
    usesAuthentik: target
      ? storedIssuer.startsWith(`${desired.authentik.baseUrl}/`)
      : signsInWithOpenId,
    settingsInUse: !(
      settingsAsWanted &&
      target &&
      target.state.rollout.problems.length === 0 &&
      !(target.state.rollout.done && target.state.settingsInUse)
    ),
  };
}

function valueOf<T>(observation: Observation<T>): T | undefined {
  return observation.ok ? observation.value : undefined;
}
