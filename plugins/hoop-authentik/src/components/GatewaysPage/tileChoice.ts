import type { IntegrationCounts } from 'backstage-plugin-hoop-authentik-common';
import type { ListView } from './useGatewayList';

/** What a tile counts and narrows the list to; the worst first. @internal */
export const TILES = [
  'down',
  'drifted',
  'unreachable',
  'pending',
  'warnings',
  'connected',
  'not-connected',
  'unobserved',
] as const;

/** @internal */
export type Tile = (typeof TILES)[number];

/** @internal */
export function isTile(text: string | null): text is Tile {
  return TILES.some(tile => tile === text);
}

/** The list that a tile stands for; pure. @internal */
export function viewOf(
  tile: Tile | undefined,
): Pick<ListView, 'state' | 'warnings'> {
  if (!tile) {
    return {};
  }
  return tile === 'warnings' ? { warnings: true } : { state: [tile] };
}

/** The number on a tile; a plus where not all were counted; pure. @internal */
export function countOn(tile: Tile, counts: IntegrationCounts): string {
  const { warnings, states, complete } = counts;
  const count = tile === 'warnings' ? warnings : states[tile] ?? 0;
  return complete ? `${count}` : `${count}+`;
}
