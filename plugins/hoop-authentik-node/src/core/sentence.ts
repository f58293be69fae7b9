import { isError } from '@backstage/errors';

/** What an error or a text says, without a full stop: it goes into a longer sentence. @internal */
export function reasonOf(said: unknown): string {
  const message = isError(said) ? said.message : String(said);
  return message.replace(/\.$/, '');
}

/** What an error or a text says, with the full stop that it may lack. @internal */
export function sentence(said: unknown): string {
  return `${reasonOf(said)}.`;
}
