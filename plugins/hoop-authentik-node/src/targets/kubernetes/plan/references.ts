import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import { secretFormOf, type Settings } from '../../../core';
import type { ObjectOwner } from '../../types';
import { composeEnvironment } from '../read/objects';
import type { Surroundings } from './steps';

/**
 * The tool that resolves a reference in the place of the client secret: a write would override it, and later changes where
 * it leads would never arrive. Which tool it is, and what it makes of the reference, shows only in the container; pure.
 *
 * @internal
 */
export function referenceOwners(
  { container, data }: Surroundings,
  settings: Settings,
): ObjectOwner[] {
  const { entries } = composeEnvironment(container, data).environment;
  const entry = entries.get(SECRET_SETTING_KEY);
  if (
    secretFormOf(entry?.value, settings[SECRET_SETTING_KEY]) !== 'reference'
  ) {
    return [];
  }
  const object = entry?.source.object;
  return [
    {
      tool: 'another tool',
      object: object ? `${object.kind} "${object.name}"` : 'The container',
      detail: `has under ${SECRET_SETTING_KEY} what looks like a reference that another tool resolves, and a write would override it`,
      advice:
        'store the client secret of authentik where the reference leads, and check the gateway with hoop:gateway:verify',
      refers: true,
    },
  ];
}
