import { ConflictError, InputError } from '@backstage/errors';
import type { ConnectionOptions } from '../../http';

/**
 * Where an authentik instance is.
 *
 * @public
 */
export interface InstanceOptions extends ConnectionOptions {
  /** Name of the instance in app-config. */
  name: string;
  /** Public base URL. */
  baseUrl: string;
  /** Deadline of one write in milliseconds; default 60,000. */
  writeTimeoutMs?: number;
}

/**
 * The base URL without a trailing slash, and the name of the instance in messages, without credentials that the URL may
 * contain.
 *
 * @internal
 */
export function describeInstance({
  name,
  baseUrl,
}: Pick<InstanceOptions, 'name' | 'baseUrl'>): {
  baseUrl: string;
  system: string;
} {
  const bare = baseUrl.replace(/\/+$/, '');
  const shown = new URL(bare);
  shown.username = '';
  shown.password = '';
  return {
    baseUrl: bare,
    system: `authentik instance "${name}" (${shown.href.replace(/\/$/, '')})`,
  };
}

/**
 * Makes one segment of a path. A segment of dots would be resolved away, and the request would reach another endpoint.
 *
 * @throws InputError if no object can have this name
 * @internal
 */
export function segment(value: string | number): string {
  if (/^\.{0,2}$/.test(`${value}`)) {
    throw new InputError(
      `"${value}" is not a valid name of an authentik object`,
    );
  }
  return encodeURIComponent(value);
}

/**
 * The one object that matches. Names of groups were not unique before 2025.12, and picking one of two would be a guess.
 *
 * @throws ConflictError if several match
 * @internal
 */
export function only<Item>(
  what: string,
  items: Item[],
  matches: (item: Item) => boolean,
): Item | undefined {
  const found = items.filter(matches);
  if (found.length > 1) {
    throw new ConflictError(
      `authentik has ${found.length} objects with the same name: ${what}. Rename all but one of them.`,
    );
  }
  return found[0];
}
