import { createHash } from 'node:crypto';
import { ServiceUnavailableError } from '@backstage/errors';
import { type CallOptions, sentence } from '../../core';
import { withMethod } from '../../systems/hoop';
import type { GatewayAuthConfig, HoopClient } from '../../systems/hoop/types';
import type {
  TargetReading,
  TargetWriteOptions,
  UnverifiedSwitch,
} from '../types';
import { persistently, WAY_BACK, type Patience } from '../wayBack';
import { settingsOf } from './planStored';

/**
 * What is remembered of a switch of a gateway that stores its settings itself until the switch is verified. Holds no
 * secret: a client secret that the gateway had before is kept nowhere.
 *
 * @alpha
 */
export interface StoredSwitch {
  /** When it began: ISO 8601, UTC. */
  since: string;
  /** How the gateway signed people in before. */
  previousMethod: 'local' | 'oidc' | 'saml' | 'other';
  /** A digest of the settings that it wrote, without the client secret. */
  written: string;
}

/**
 * Where the runs of a gateway remember a switch, so that a later one finds it in any process.
 *
 * @alpha
 */
export interface SwitchRecords {
  readonly unverifiedSwitch: StoredSwitch | undefined;
  /** Replaces what was remembered before. */
  keepSwitch(record: StoredSwitch): Promise<void>;
  clearSwitch(options?: Pick<CallOptions, 'lane'>): Promise<void>;
}

/** A digest of the settings in force, without the client secret; others have no effect. @internal */
export function digestOf(config: GatewayAuthConfig): string {
  const { IDP_CLIENT_SECRET: _, ...settings } = settingsOf(config);
  const inForce =
    config.authMethod === 'oidc'
      ? settings
      : { AUTH_METHOD: config.authMethod };
  return createHash('sha256').update(JSON.stringify(inForce)).digest('base64');
}

/** @internal */
export function previousMethodOf({
  authMethod,
}: GatewayAuthConfig): StoredSwitch['previousMethod'] {
  return (
    (['local', 'oidc', 'saml'] as const).find(one => one === authMethod) ??
    'other'
  );
}

/**
 * Takes a switch off the records; one that stays is found and settled by the next run.
 *
 * @param earlier - one before it that was never verified and is there again
 * @internal
 */
export async function forgetSwitch(
  records: SwitchRecords | undefined,
  log: TargetWriteOptions['log'],
  options?: Pick<CallOptions, 'lane'>,
  earlier?: StoredSwitch,
): Promise<void> {
  try {
    await (earlier
      ? records?.keepSwitch(earlier)
      : records?.clearSwitch(options));
  } catch (error) {
    log(
      `The record of the previous settings could not be removed: ${sentence(
        error,
      )} The next run removes it.`,
      'warn',
    );
  }
}

function whyNotUndone({ previousMethod }: StoredSwitch): string | undefined {
  return previousMethod === 'local' || previousMethod === 'saml'
    ? undefined
    : 'the client secret of the identity provider that the gateway had before is kept nowhere';
}

/**
 * A reading that shows an unverified switch, for those who observe a gateway and write nothing; pure. The same reading where
 * the gateway no longer has what that switch wrote.
 *
 * @alpha
 */
export function withStoredSwitch(
  reading: TargetReading,
  record: StoredSwitch | undefined,
): TargetReading {
  const { authConfig, state } = reading;
  return record && authConfig && record.written === digestOf(authConfig)
    ? {
        ...reading,
        state: {
          ...state,
          unverifiedSwitch: {
            since: record.since,
            refusal: whyNotUndone(record),
          },
        },
      }
    : reading;
}

/**
 * The switch that an earlier run has left unverified; `undefined` where there is none, or the gateway no longer has what
 * that run wrote.
 *
 * @internal
 */
export function unverifiedStored(
  client: Pick<HoopClient, 'getAuthConfig' | 'putAuthConfig'>,
  found: GatewayAuthConfig,
  records: SwitchRecords | undefined,
  patience: Patience | undefined,
): UnverifiedSwitch | undefined {
  const record = records?.unverifiedSwitch;
  if (!record || record.written !== digestOf(found)) {
    return undefined;
  }
  const { since, previousMethod: method, written } = record;
  const refusal = whyNotUndone(record);
  return {
    since,
    // A single request has changed everything.
    interrupted: false,
    refusal,
    undo: async ({ log }) => {
      if (method !== 'local' && method !== 'saml') {
        throw new ServiceUnavailableError(
          `The unverified switch was not undone: ${refusal}.`,
        );
      }
      log('Restoring the previous settings');
      await persistently(async () => {
        const current = await client.getAuthConfig(WAY_BACK);
        if (digestOf(current) === written) {
          await client.putAuthConfig(withMethod(current, method), WAY_BACK);
        }
      }, patience);
      await forgetSwitch(records, log, WAY_BACK);
      log('Previous settings restored');
    },
    confirm: async ({ log }) => {
      await forgetSwitch(records, log);
      return 0;
    },
  };
}
