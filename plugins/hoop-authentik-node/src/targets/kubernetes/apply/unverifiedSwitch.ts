import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import { ServiceUnavailableError } from '@backstage/errors';
import type { KubernetesTargetConfig } from '../../../config/types';
import type { UnverifiedSwitch } from '../../types';
import type { ObjectChange } from '../plan/steps';
import { isManagedKey, keyNameOf } from '../read/layout';
import { isMarked, type WireData } from '../read/switchRecord';
import { unverifiedIn, type Unverified } from '../read/unverified';
import { concludeSwitch, writesOf } from './conclude';
import type { GatewayInCluster } from './gatewayRollout';
import { restoreSettings, type DoneStep } from './restore';

/**
 * The switch that was found unverified, with what to do about it; `undefined` where there is none.
 *
 * @internal
 */
export function unverifiedSwitchOf(
  gateway: GatewayInCluster,
): UnverifiedSwitch | undefined {
  const { deployment, previousValues } = gateway.snapshot;
  const found = unverifiedIn(gateway.snapshot);
  if (!found) {
    return undefined;
  }
  const { mark, shown, interrupted } = found;
  const keepsValues = previousValues !== undefined;
  return {
    ...shown,
    interrupted,
    undo: async options => {
      const record = mark ?? found.previous;
      if (shown.refusal || !record) {
        throw new ServiceUnavailableError(
          `The unverified switch was not undone: ${shown.refusal}.`,
        );
      }
      await restoreSettings(
        gateway,
        writesOf(gateway),
        {
          // Each of them may have been made, and none is undone that was not.
          done: stepsOf(found, gateway.config),
          restarted: mark !== undefined,
          since: new Date(record.since),
          before: record.before,
          restarts: mark ? [mark.after.restartedAt ?? ''] : [],
          keepsValues,
          mark,
        },
        options,
      );
    },
    confirm: options =>
      concludeSwitch(
        gateway,
        writesOf(gateway),
        {
          leftovers: (mark?.leftovers ?? []).map(leftoverOf),
          isMarked: isMarked(deployment),
          keepsValues,
        },
        options,
      ),
  };
}

function stepsOf(
  { mark, previous }: Unverified,
  config: KubernetesTargetConfig,
): DoneStep[] {
  const references: DoneStep[] = mark
    ? [
        {
          type: 'references',
          from: mark.before.envFrom,
          to: mark.after.envFrom,
        },
      ]
    : [];
  if (!previous) {
    return [
      ...(mark?.made ?? []).map(
        ({ kind, name, keys }): DoneStep => ({
          type: 'object',
          kind,
          name,
          isNew: false,
          disposable: true,
          before: Object.fromEntries(keys.map(key => [key, null])),
          written: {},
        }),
      ),
      ...references,
    ];
  }
  return previous.steps.flatMap((step): DoneStep[] => {
    if (step.type === 'references') {
      return references;
    }
    const { isNew, before, written, ...ref } = step;
    // What the Secret says is believed only of our own objects and keys.
    return [
      isNew
        ? { ...ref, isNew: false, disposable: true, before, written }
        : {
            ...ref,
            isNew: false,
            before: settingsIn(before, config),
            written: settingsIn(written, config),
          },
    ];
  });
}

function settingsIn(data: WireData, config: KubernetesTargetConfig): WireData {
  const named = SETTING_KEYS.map(key => keyNameOf(key, config));
  return Object.fromEntries(
    Object.entries(data).filter(
      ([key]) => isManagedKey(key) || named.includes(key),
    ),
  );
}

function leftoverOf({
  kind,
  name,
  keys,
}: NonNullable<Unverified['mark']>['leftovers'][number]): ObjectChange {
  const data = Object.fromEntries(keys.map(key => [key, null]));
  return { kind, name, found: undefined, data, before: data };
}
