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
import { persistently, WAY_BACK, type Patience } from '../wayBack';
import {
  digestOf,
  forgetSwitch,
  previousMethodOf,
  unverifiedStored,
  type SwitchRecords,
} from './storedSwitch';
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

/**
 * A gateway whose settings live in its own database: one request changes them, and they take effect immediately.
 *
 * @internal
 */
export class GatewayApiTarget implements SettingsTarget {
  readonly capabilities = CAPABILITIES.gatewayApi;
  readonly description: string;
  readonly #client: AuthConfigClient;

  readonly #switches: SwitchRecords | undefined;

  /**
   * @param switches - where this run remembers a switch; without them only this process can undo it
   * @param patience - how ways back are retried
   */
  constructor(
    client: AuthConfigClient,
    switches?: SwitchRecords,
    readonly patience?: Patience,
  ) {
    this.#client = client;
    this.#switches = switches;
    this.description = `configuration stored by the gateway itself (${client.url})`;
  }

  async read(options?: CallOptions): Promise<GatewayApiReading> {
    const found = await this.#client.getAuthConfig(options);
    return {
      state: describeStored(found),
      authConfig: found,
      unverified: unverifiedStored(
        this.#client,
        found,
        this.#switches,
        this.patience,
      ),
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
              finish: async () => 0,
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
    const earlier = this.#switches?.unverifiedSwitch;
    const written = parseAuthConfig(JSON.parse(document.reveal()))!;
    const restore = async (restoreOptions: TargetWriteOptions) => {
      await this.#restore(found, written, restoreOptions);
      await forgetSwitch(this.#switches, log, WAY_BACK, earlier);
    };
    await this.#switches?.keepSwitch({
      since: new Date().toISOString(),
      written: digestOf(written),
      // An earlier switch that was never verified is undone with this one.
      previousMethod:
        earlier && earlier.written === digestOf(found)
          ? earlier.previousMethod
          : previousMethodOf(found),
    });
    try {
      // Without the signal: a cancelled request might still take effect after it was undone.
      await this.#client.putAuthConfig(document);
    } catch (error) {
      // A refused request has stored nothing. After any other failure the answer may have been lost.
      if (isError(error) && error.name === InputError.name) {
        await forgetSwitch(this.#switches, log);
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
    return {
      writes: 1,
      restore,
      finish: async finishOptions => {
        await forgetSwitch(this.#switches, finishOptions.log);
        return 0;
      },
    };
  }

  /** Keeps what other processes changed since; where they changed our settings, theirs stay. */
  async #restore(
    previous: GatewayAuthConfig,
    written: GatewayAuthConfig,
    { log }: TargetWriteOptions,
  ): Promise<void> {
    const retried = <T>(call: () => Promise<T>) =>
      persistently(call, this.patience);
    const read = () => this.#client.getAuthConfig(WAY_BACK);
    const current = await retried(read);
    if (sameSettings(current, previous)) {
      return;
    }
    if (!sameSettings(current, written)) {
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
    const document = restoredDocument(current, previous);
    await retried(() => this.#client.putAuthConfig(document, WAY_BACK));
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
