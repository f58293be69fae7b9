import {
  integrationState,
  type Check,
  type Command,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import { SecretValue } from '../core';
import {
  authMethod,
  CHECKS,
  loginUrl,
  runChecks,
  settings,
  testAccount,
  type AddedCheck,
} from './checks';
import { problemsOf } from './problems';
import type {
  DesiredIntegration,
  Observation,
  ObservedIntegration,
} from './types';

/**
 * What is shown of an integration; pure, and without any secret.
 *
 * @param addedChecks - those of third parties
 * @alpha
 */
export function integrationReport(
  entityRef: string,
  configured: { gateway: GatewayConfig; authentik: AuthentikInstanceConfig },
  desired: DesiredIntegration,
  observed: ObservedIntegration,
  addedChecks: readonly AddedCheck[] = [],
): Integration {
  const { gateway, authentik } = configured;
  const input = { desired, observed };
  const checks = runChecks(input, [
    // What was not asked for is no news.
    ...CHECKS.filter(
      ({ id }) =>
        (id !== loginUrl.id || observed.gateway.loginUrl) &&
        (id !== testAccount.id || observed.gateway.signIn),
    ),
    ...addedChecks,
  ]);
  const problems = problemsOf(checks, input);
  const application = valueOf(observed.authentik.application);
  const info = valueOf(observed.gateway.info);
  return {
    entityRef,
    state: integrationState(problems, {
      usesAuthentik: usesAuthentik(desired, observed),
      settingsInUse: areSettingsInUse(checks, observed),
    }),
    warnings: problems.filter(({ severity }) => severity === 'warn').length,
    complete: checks.every(({ status }) => status !== 'unknown'),
    gateway: {
      name: gateway.name,
      title: gateway.title,
      url: gateway.url,
      version: info?.version,
      authMethod: info?.authMethod,
      target: gateway.target.type,
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
    problems,
    checks,
    commands: signInCommands(gateway.url),
    observedAt: observed.now.toISOString(),
  };
}

/** The guide's verification step. @alpha */
export function signInCommands(gatewayUrl: string): Command[] {
  return [
    {
      title: 'Create the client configuration',
      command: `hoop config create --api-url ${gatewayUrl}`,
    },
    { title: 'Sign in', command: 'hoop login' },
  ];
}

/** Whether the gateway is set to sign people in with this authentik; `undefined` where that could not be observed. */
function usesAuthentik(
  desired: DesiredIntegration,
  observed: ObservedIntegration,
): boolean | undefined {
  const issuer = knownIssuer(observed);
  if (issuer !== undefined) {
    return issuer.startsWith(`${desired.authentik.baseUrl}/`);
  }
  // Where neither target nor gateway shows the issuer, all that is known is whether it is some OpenID provider.
  const { status } = authMethod.run({ desired, observed });
  return status === 'unknown' ? undefined : status === 'pass';
}

/** `undefined` where it cannot be determined; empty where there is none. */
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
  // The configuration in force. Other methods may leave the issuer of an earlier one behind.
  if (gateway.authConfig?.ok) {
    const { authMethod: method, oidc } = gateway.authConfig.value;
    return (method === 'oidc' && oidc?.issuer) || '';
  }
  return gateway.loginUrl?.ok ? gateway.loginUrl.value.endpoint : undefined;
}

/** Whether the running gateway has picked up the settings, where they are stored right and nothing keeps it from that. */
function areSettingsInUse(
  checks: readonly Check[],
  observed: ObservedIntegration,
): boolean {
  const target = valueOf(observed.target);
  const stored = checks.some(
    ({ id, status }) => id === settings.id && status === 'pass',
  );
  return !(
    stored &&
    target &&
    target.state.rollout.problems.length === 0 &&
    !(target.state.rollout.done && target.state.settingsInUse)
  );
}

function valueOf<T>(observation: Observation<T>): T | undefined {
  return observation.ok ? observation.value : undefined;
}
