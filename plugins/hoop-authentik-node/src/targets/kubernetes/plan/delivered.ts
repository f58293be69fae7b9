import type { KubernetesTargetConfig } from '../../../config/types';
import { SecretValue, type Settings } from '../../../core';
import type { ObjectOwner } from '../../types';
import type { Layout } from '../read/layout';
import { composeEnvironment, foundIn, type Snapshot } from '../read/objects';
import { isManaged, ownersOf } from '../read/owners';
import type { Surroundings } from './steps';

/**
 * The objects of a layout that are to carry settings. Where app-config names no object and a tool already brings all of its
 * settings as they should be, a copy of ours would override what the tool brings later; pure.
 *
 * @returns `owners` are the tools whose different values a copy would override
 * @internal
 */
export function withoutDelivered(
  layout: Layout,
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
  { container, data }: Surroundings,
  settings: Settings,
): { layout: Layout; owners: ObjectOwner[] } {
  const { entries } = composeEnvironment(container, data).environment;
  const sourceOfKey = (key: keyof Settings) => {
    const object = entries.get(key)?.source.object;
    return object && foundIn(snapshot, object);
  };
  const isRight = (key: keyof Settings) =>
    textOf(entries.get(key)?.value) === textOf(settings[key]);
  const unnamed = layout.objects.filter(
    ({ kind }) =>
      (kind === 'ConfigMap' ? config.configMap : config.secret) === undefined,
  );
  const delivered = unnamed.filter(({ keys }) =>
    keys.every(key => isRight(key) && isManaged(sourceOfKey(key))),
  );
  return {
    layout: {
      objects: layout.objects.filter(object => !delivered.includes(object)),
    },
    owners: [
      ...new Set(
        unnamed.flatMap(({ keys }) =>
          keys.filter(key => !isRight(key)).map(sourceOfKey),
        ),
      ),
    ].flatMap(source => ownersOf(source).filter(({ delivers }) => delivers)),
  };
}

function textOf(value: string | SecretValue | undefined): string | undefined {
  return value instanceof SecretValue ? value.reveal() : value;
}
