import { isError } from '@backstage/errors';

/** The message of an error, or a text, without a full stop, for use within a longer sentence. @internal */
export function reasonOf(said: unknown): string {
  const message = isError(said) ? said.message : String(said);
  return message.replace(/\.$/, '');
}

/** The message of an error, or a text, with a full stop. @internal */
export function sentence(said: unknown): string {
  return `${reasonOf(said)}.`;
}

/**
 * Notes on an error what to do about it: a sentence without secrets, which the message may end with. Logs and answers
 * that show the error do not show the note.
 *
 * @internal
 */
export function withRemedy<E extends Error>(error: E, remedy: string): E {
  return Object.defineProperty(error, 'remedy', { value: remedy });
}

/**
 * What happened, and what to do about it where that is noted.
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
