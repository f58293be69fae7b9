import {
  ConflictError,
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type CallOptions, type SecretValue, sentence } from '../../core';
import {
  parseAuthConfig,
  restoredDocument,
  sameDocument,
} from '../../systems/hoop';
import type { GatewayAuthConfig, HoopClient } from '../../systems/hoop/types';
import { CAPABILITIES } from '../capabilities';
import { putBack } from '../failure';
import type {
  AppliedSwitch,
  SettingsTarget,
  TargetPlan,
  TargetReading,
  TargetWriteOptions,
} from '../types';
import {
  describeStored,
  planLocal,
  planStored,
  settingsOf,
  type StoredPlan,
} from './planStored';

type AuthConfigClient = Pick<
  HoopClient,
  'url' | 'getAuthConfig' | 'putAuthConfig'
>;

interface GatewayApiReading extends TargetReading {
  authConfig: GatewayAuthConfig;
}

/** A single request changes everything. */
const nothingLeft = async () => 0;

/**
 * A gateway whose settings live in its own database: one request changes them, and they take effect immediately.
 *
 * @internal
 */
export class GatewayApiTarget implements SettingsTarget {
  readonly capabilities = CAPABILITIES.gatewayApi;
  readonly description: string;
  readonly #client: AuthConfigClient;

  constructor(client: AuthConfigClient) {
    this.#client = client;
    this.description = `configuration stored by the gateway itself (${client.url})`;
  }

  async read(options?: CallOptions): Promise<GatewayApiReading> {
    const found = await this.#client.getAuthConfig(options);
    return {
      state: describeStored(found),
      authConfig: found,
      plan: settings => this.#plan(found, planStored(found, settings)),
      planDisconnect: () => this.#plan(found, planLocal(found)),
    };
  }

  async restart(): Promise<never> {
    throw new InputError(
      'The gateway was not restarted. Settings that it stores itself take effect without a restart, and this backend has no access to the host of the gateway. Restart it where it runs.',
    );
  }

  #plan(
    found: GatewayAuthConfig,
    { document, changes, loss }: StoredPlan,
  ): TargetPlan {
    return {
      changes,
      loss,
      refusals: [],
      owners: [],
      restart: false,
      apply: options =>
        document
          ? this.#apply(found, document, options)
          : Promise.resolve({
              writes: 0,
              restore: async () => {},
              finish: nothingLeft,
            }),
    };
  }

  async #apply(
    found: GatewayAuthConfig,
    document: SecretValue,
    options: TargetWriteOptions,
  ): Promise<AppliedSwitch> {
    const { signal, log } = options;
    // The API has no precondition: reading again just before the write keeps the window for a lost edit short.
    if (!sameDocument(found, await this.#client.getAuthConfig({ signal }))) {
      throw new ConflictError(
        `The ${this.description} was modified concurrently; nothing was overwritten. Run the task again.`,
      );
    }
    signal?.throwIfAborted();
    const restore = (restoreOptions: TargetWriteOptions) =>
      this.#restore(found, document, restoreOptions);
    try {
      // Without the signal: a cancelled request might still take effect after it was undone.
      await this.#client.putAuthConfig(document);
    } catch (error) {
      // A refused request has stored nothing. After any other failure the answer may have been lost.
      if (isError(error) && error.name === InputError.name) {
        throw error;
      }
      const { line } = await putBack(restore, log, `the ${this.description}`);
      throw new ServiceUnavailableError(
        `The settings could not be written: ${sentence(error)} ${line}`,
      );
    }
    log(`The ${this.description} has changed and is in effect`);
    if (signal?.aborted) {
      await putBack(restore, log, `the ${this.description}`);
      signal.throwIfAborted();
    }
    return { writes: 1, restore, finish: nothingLeft };
  }

  /** Keeps what other processes changed since; where they changed our settings, theirs stay. */
  async #restore(
    previous: GatewayAuthConfig,
    written: SecretValue,
    { log }: TargetWriteOptions,
  ): Promise<void> {
    const current = await this.#client.getAuthConfig();
    if (sameSettings(current, previous)) {
      return;
    }
    const ours = parseAuthConfig(JSON.parse(written.reveal()));
    if (!ours || !sameSettings(current, ours)) {
      throw new ConflictError(
        `The ${this.description} was modified concurrently; nothing was overwritten. Check it under Integrations > Authentication of the gateway.`,
      );
    }
    if (
      previous.authMethod === 'oidc' &&
      previous.oidc &&
      !previous.oidc.clientSecret
    ) {
      throw new InputError(
        'The gateway does not show its previous client secret, so it cannot be restored. Enter it under Integrations > Authentication of the gateway.',
      );
    }
    log('Restoring the previous settings');
    await this.#client.putAuthConfig(restoredDocument(current, previous));
    log(
      previous.stored
        ? 'Previous settings restored'
        : 'Previous settings restored. They may have come from the environment of the gateway; now they are stored in the gateway and override its environment, because its API cannot clear stored settings',
    );
  }
}

function sameSettings(a: GatewayAuthConfig, b: GatewayAuthConfig): boolean {
  const [left, right] = [settingsOf(a), settingsOf(b)];
  const { IDP_CLIENT_SECRET: secret, ...rest } = left;
  const { IDP_CLIENT_SECRET: other, ...others } = right;
  return (
    JSON.stringify(rest) === JSON.stringify(others) &&
    (secret && typeof secret === 'object'
      ? secret.equals(other)
      : secret === other)
  );
}
