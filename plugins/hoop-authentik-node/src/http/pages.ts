import { ServiceUnavailableError } from '@backstage/errors';
import { withFailure } from '../core';
import { deadlineOf } from './deadline';

const MOST_PAGES = 200;
const MOST_CHARACTERS = 32 * 1024 * 1024;
const DEADLINE_MS = 60_000;

/** @internal */
export interface Page<Item> {
  items: readonly Item[];
  /** What names the next page; nothing on the last one. */
  next: string | undefined;
  /** On the first page of a list with numbered pages: the names of all others. */
  others?: readonly string[];
  /** Characters of the answer. */
  size: number;
}

/**
 * Reads a list to its end, those pages in parallel that the first one names, within one deadline and limits that no list of ours comes near.
 *
 * @param asked - names the system and the endpoint in messages
 * @throws ServiceUnavailableError when the list is endless, repeats a page or takes too long
 * @throws the signal's reason when the caller aborts
 * @internal
 */
export async function readPages<P extends Page<unknown>>(
  asked: string,
  options: { signal?: AbortSignal; timeoutMs?: number },
  readPage: (next: string | undefined, signal: AbortSignal) => Promise<P>,
): Promise<P[]> {
  const timeoutMs = options.timeoutMs ?? DEADLINE_MS;
  const deadline = deadlineOf(timeoutMs, options.signal);
  const pages: P[] = [];
  const seen = new Set<string | undefined>();
  let size = 0;
  let next: string | undefined;
  const refuse = (what: string) =>
    withFailure(new ServiceUnavailableError(`${asked}: the list ${what}`), {
      kind: 'unexpected-answer',
    });
  try {
    do {
      if (seen.has(next)) {
        throw refuse('names a page that it named before as its next one');
      }
      seen.add(next);
      const page = await readPage(next, deadline.signal);
      const others = page.others ?? [];
      if (others.length >= MOST_PAGES) {
        throw refuse(`has ${others.length + 1} pages`);
      }
      others.forEach(other => seen.add(other));
      const read = [
        page,
        ...(await Promise.all(
          others.map(async other => readPage(other, deadline.signal)),
        )),
      ];
      pages.push(...read);
      size += read.reduce((sum, one) => sum + one.size, 0);
      next = read[read.length - 1].next;
      if (next && (pages.length >= MOST_PAGES || size > MOST_CHARACTERS)) {
        throw refuse(
          `does not end after ${pages.length} pages with ${size} characters`,
        );
      }
    } while (next);
    return pages;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw deadline.signal.aborted
      ? refuse(`does not end within ${timeoutMs / 1000} s`)
      : error;
  } finally {
    deadline.clear();
  }
}
