/**
 * Notes on an error what is to be done about it: a sentence without anything secret, which a message may end with. It is
 * no part of what a log or an answer shows of the error.
 *
 * @internal
 */
export function withRemedy<E extends Error>(error: E, remedy: string): E {
  return Object.defineProperty(error, 'remedy', { value: remedy });
}

/**
 * What happened and what is to be done about it, where that is noted.
 *
 * @internal
 */
export function takeApartRemedy(error: Error): {
  fact: string;
  remedy: string | undefined;
} {
  const { message } = error;
  const remedy =
    'remedy' in error && typeof error.remedy === 'string'
      ? error.remedy
      : undefined;
  return {
    fact:
      remedy && message.endsWith(remedy)
        ? message.slice(0, -remedy.length).trimEnd()
        : message,
    remedy,
  };
}
