import { InputError } from '@backstage/errors';
import {
  generateClientSecret,
  type ApplicationClaim,
  type OwnedProvider,
  type OwnershipOptions,
} from '../application';
import { findOwn } from '../application/ownership';
import { explainPermissions } from '../application/refusals';
import { updateOwnProvider } from '../application/writes';
import { AuthentikPermissionError } from '../systems/authentik';
import { type PlanLine, type SecretValue, sentence } from '../core';
import type { IntegrationSystems } from '../integration/observe';
import type { DesiredIntegration } from '../integration/types';
import { persistently, WAY_BACK } from '../targets';
import { configureGateway, type ConfigureOptions } from './connect';
import { prepareSwitch } from './preflight';

/** What to do where gateway and authentik may have different secrets. */
const TAKE_CURRENT =
  'Run hoop:gateway:configure: it gives the gateway the secret that authentik has.';

const RESTORED = 'Previous client secret restored in authentik';
const KEPT =
  'The gateway already has the new client secret, so authentik keeps it';
const MODIFIED = `The client secret in authentik was modified concurrently; nothing was overwritten. ${TAKE_CURRENT}`;

/** @alpha */
export interface RotateOptions extends ConfigureOptions, OwnershipOptions {
  /** Why the application may belong to the gateway. */
  claim: ApplicationClaim;
}

/** @public */
export interface RotateResult {
  changes: PlanLine[];
  /** Requests that changed something, authentik and the target together. */
  writes: number;
  restarted: boolean;
}

/**
 * Gives the client a new secret: in authentik, then in the target, with a restart and a verified sign-in; all in one, so
 * that the secret never leaves this function. Between the two the gateway's sign-ins fail, since authentik knows one
 * secret at a time. When the gateway cannot be switched, the previous secret is restored.
 *
 * @throws InputError when the integration is not in a state to rotate, or the application does not belong to the gateway;
 *   nothing was changed then
 * @throws GatewayRolloutError when the gateway did not come up; the previous secret is restored then
 * @public
 */
export async function rotateClientSecret(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: RotateOptions,
): Promise<RotateResult> {
  const { authentik, target } = systems;
  if (target.refusal) {
    throw new InputError(
      `The client secret was not rotated. ${target.refusal}`,
    );
  }
  const own = await providerOf(systems, options);
  const provider = own.object;
  const next = generateClientSecret();
  // Finds whatever keeps the new secret from reaching the gateway before authentik is touched.
  const { plan: preview } = await prepareSwitch(systems, desired, {
    ...options,
    loginUrl: !options.dryRun,
    // The gateway already uses authentik: a new secret changes no one's rights.
    allowLockout: true,
    clientSecret: next,
  });
  const changes: PlanLine[] = [
    {
      object: `authentik provider "${provider.name}"`,
      field: 'clientSecret',
      from: '<changed>',
      to: '<changed>',
    },
    ...preview.changes,
  ];
  options.onPlan?.(changes);
  if (options.dryRun) {
    return { changes, writes: 0, restarted: false };
  }
  await preview.confirmRights?.(options);
  options.signal?.throwIfAborted();
  let refused = false;
  try {
    // Within the try, since a request whose answer was lost may have been carried out; and without the signal, since a
    // cancelled one may be carried out after the previous secret has been restored.
    await explainPermissions(authentik, () =>
      updateOwnProvider(authentik, own, { clientSecret: next }),
    ).catch(error => {
      refused = error instanceof AuthentikPermissionError;
      throw error;
    });
    options.log('authentik has a new client secret');
    const configured = await configureGateway(systems, desired, {
      ...options,
      allowLockout: true,
      onPlan: undefined,
    });
    return {
      changes,
      writes: 1 + configured.writes,
      restarted: configured.restarted,
    };
  } catch (error) {
    // Only a refusal proves that authentik still has the previous one.
    if (!refused) {
      const secrets = { previous: provider.clientSecret, next };
      await putSecretBack(systems, own, secrets, options);
    }
    throw error;
  }
}

async function providerOf(
  { authentik }: Pick<IntegrationSystems, 'authentik'>,
  { claim, signal, run }: RotateOptions,
): Promise<OwnedProvider> {
  const { provider } = await explainPermissions(authentik, () =>
    findOwn(authentik, claim, { signal, run }),
  );
  if (!provider) {
    throw new InputError(
      `The authentik application "${claim.slug}" on ${authentik.baseUrl} does not exist or has no OAuth2/OpenID provider, so there is no secret to rotate. Connect the gateway first.`,
    );
  }
  return provider;
}

/**
 * Without the task's signal: a cancelled task must not leave a gateway with a secret that authentik no longer knows. A
 * secret that another process has set since stays, and so does the new one where the gateway already has it. A failure
 * here goes to the log, so that the error that led here is the one reported.
 */
async function putSecretBack(
  { authentik, target }: Pick<IntegrationSystems, 'authentik' | 'target'>,
  provider: OwnedProvider,
  { previous, next }: { previous: SecretValue; next: SecretValue },
  { log }: Pick<ConfigureOptions, 'log'>,
): Promise<void> {
  const read = async () =>
    (await authentik.getProvider(provider.object.pk, WAY_BACK))?.clientSecret;
  try {
    const found = await persistently(read, target.patience);
    if (found?.equals(previous)) {
      return;
    }
    if (found?.equals(next) && (await hasSecret(target, next, log))) {
      log(KEPT);
      return;
    }
    const isBack = await persistently(async () => {
      const now = await read();
      if (now?.equals(next)) {
        const fields = { clientSecret: previous };
        await updateOwnProvider(authentik, provider, fields, WAY_BACK);
      }
      return now?.equals(next) || now?.equals(previous);
    }, target.patience);
    log(isBack ? RESTORED : MODIFIED, isBack ? 'info' : 'warn');
  } catch (error) {
    log(
      `Restoring the previous client secret in authentik failed: ${sentence(
        error,
      )} ${TAKE_CURRENT}`,
      'error',
    );
  }
}

/**
 * Whether the gateway would start with this secret. Where that cannot be read, its containers still have the previous one:
 * what cannot be reached has not been restarted.
 */
async function hasSecret(
  target: IntegrationSystems['target'],
  secret: SecretValue,
  log: ConfigureOptions['log'],
): Promise<boolean> {
  try {
    const { state } = await persistently(
      () => target.read(WAY_BACK),
      target.patience,
    );
    return secret.equals(state.settings.IDP_CLIENT_SECRET.value);
  } catch (error) {
    log(
      `Which client secret the gateway has could not be read: ${sentence(
        error,
      )} ${TAKE_CURRENT}`,
      'warn',
    );
    return false;
  }
}
