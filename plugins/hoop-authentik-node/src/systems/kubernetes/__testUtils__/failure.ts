import { inspect } from 'node:util';

/** The error a promise is rejected with; fails the test when it is not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    error => error,
  );
  if (!(outcome instanceof Error)) {
    throw new Error('expected a rejection with an Error');
  }
  return outcome;
}

/** Everything that could be printed of a value: its text, its JSON, its inspection with hidden members and causes. */
export function everythingOf(value: unknown): string {
  return [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    value instanceof Error ? `${value.stack} ${everythingOfCause(value)}` : '',
  ].join('\n');
}

function everythingOfCause(error: Error): string {
  return error.cause === undefined ? '' : everythingOf(error.cause);
}
