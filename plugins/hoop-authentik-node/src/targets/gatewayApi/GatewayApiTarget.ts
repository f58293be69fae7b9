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

/** @internal */
export interface GatewayApiReading extends TargetReading {
  authConfig: GatewayAuthConfig;
}

/** One request changes all there is. */
const nothingLeft = async () => 0;

/**
 * A gateway whose settings live in its own database: one request changes them, and they count at once.
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
      'The gateway was not restarted: what it stores itself counts at once, so that this target needs no restart, and nothing here knows how the gateway is run. Restart it where it runs.',
    );
  }

  #plan(
    found: GatewayAuthConfig,
    { document, changes }: StoredPlan,
  ): TargetPlan {
    return {
      changes,
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
    // The API has no precondition, so that the moment in which an edit of somebody else could be lost is made short.
    if (!sameDocument(found, await this.#client.getAuthConfig({ signal }))) {
      throw new ConflictError(
        `The ${this.description} was changed by somebody else since it was read; nothing was written. Run the task again.`,
      );
    }
    signal?.throwIfAborted();
    const restore = (restoreOptions: TargetWriteOptions) =>
      this.#restore(found, document, restoreOptions);
    try {
      // Not given up when the task is cancelled: it might take effect after it was undone.
      await this.#client.putAuthConfig(document);
    } catch (error) {
      // A refusal is certain to have stored nothing. Otherwise the answer may have got lost on its way.
      throw isError(error) && error.name === InputError.name
        ? error
        : new ServiceUnavailableError(
            `The settings could not be written: ${sentence(
              error,
            )} ${await this.#undo(restore, log)}`,
          );
    }
    log(`The ${this.description} has changed, which counts at once`);
    if (signal?.aborted) {
      await this.#undo(restore, log);
      signal.throwIfAborted();
    }
    return { writes: 1, restore, finish: nothingLeft };
  }

  /** Puts the previous settings back and says how that went, for the one message of the failure; never throws. */
  async #undo(
    restore: AppliedSwitch['restore'],
    log: TargetWriteOptions['log'],
  ): Promise<string> {
    try {
      await restore({ log });
      return 'The previous settings are back. Mend what the message names, then run the task again.';
    } catch (error) {
      const failure = `Putting the previous settings back failed too: ${sentence(
        error,
      )}`;
      log(failure);
      return failure;
    }
  }

  /** What others changed meanwhile stays; where they changed what is ours, theirs is the last word. */
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
        `The ${this.description} was changed by somebody else meanwhile and is left as it is. Look at it under Integrations > Authentication of the gateway.`,
      );
    }
    if (
      previous.authMethod === 'oidc' &&
      previous.oidc &&
      !previous.oidc.clientSecret
    ) {
      throw new InputError(
        'The gateway does not show its previous client secret, so that it cannot be put back. Enter it under Integrations > Authentication of the gateway.',
      );
    }
    log('Putting the previous settings back');
    await this.#client.putAuthConfig(restoredDocument(current, previous));
    log(
      previous.stored
        ? 'The previous settings are back'
        : 'The previous settings are back; they may have come from the environment of the gateway, and are stored now, since its API cannot store nothing: from now on they beat the environment',
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
