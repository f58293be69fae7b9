import { inspect } from 'node:util';

/** Shorter ones would be found by chance. */
const SHORTEST_HUNTED = 8;

/**
 * Names the places in which a secret occurs, also in the encodings in which secrets travel. The secrets themselves are
 * not repeated.
 *
 * @internal
 */
export function placesWithSecrets(
  secrets: string[],
  places: Record<string, unknown>,
): string[] {
  const forms = secrets
    .filter(secret => secret.length >= SHORTEST_HUNTED)
    .flatMap(secret => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]);
  return Object.entries(places)
    .filter(([, value]) => {
      const text = everythingIn(value);
      return forms.some(form => text.includes(form));
    })
    .map(([place]) => place);
}

/** All that can be seen of a value: of an error also stack, cause and members that JSON leaves out. */
function everythingIn(value: unknown): string {
  return typeof value === 'string'
    ? value
    : inspect(value, {
        depth: Infinity,
        showHidden: true,
        maxArrayLength: Infinity,
        maxStringLength: Infinity,
        // A wrapped line would tear a long secret apart.
        breakLength: Infinity,
      });
}
