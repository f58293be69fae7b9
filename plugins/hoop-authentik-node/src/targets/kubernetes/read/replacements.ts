import type { ConfigMap, Secret } from '../../../systems/kubernetes';
import { isMadeFor } from './ownLabels';

type Found = ConfigMap | Secret | undefined;

/**
 * The name that follows in the row of objects which take each other's place.
 *
 * @internal
 */
export function nextName(name: string): string {
  const { base, number } = partsOf(name);
  return `${base}-${number + 1}`;
}

/**
 * The object that takes the place of an immutable one: the next of the row that is not there yet or that we have made for
 * this gateway, so that a run that was interrupted finds what it made, and nobody else's object is written to; pure.
 *
 * @internal
 */
export function replacementFor(
  immutable: string,
  deployment: string,
  find: (name: string) => Found,
): { name: string; found: Found } {
  let name = immutable;
  let found: Found;
  do {
    name = nextName(name);
    found = find(name);
  } while (found && !canReplace(found, deployment));
  return { name, found };
}

/** Whether an object can take the place of an immutable one. @internal */
export function canReplace(found: Found, deployment: string): boolean {
  return isMadeFor(found, deployment) && !found?.immutable;
}

/**
 * Among some names the one that has taken the place of an immutable object, or the next in the row to have done so; pure.
 *
 * @internal
 */
export function replacedBy(
  immutable: string,
  names: string[],
  deployment: string,
  find: (name: string) => Found,
): string | undefined {
  const { base, number } = partsOf(immutable);
  return names
    .map(name => ({ name, ...partsOf(name) }))
    .filter(
      one =>
        one.base === base &&
        one.number > number &&
        isMadeFor(find(one.name), deployment),
    )
    .sort((a, b) => a.number - b.number)[0]?.name;
}

function partsOf(name: string): { base: string; number: number } {
  const [, base, number] = /^(.*?)(?:-(\d+))?$/.exec(name)!;
  return { base, number: Number(number ?? 1) };
}
