import { ServiceUnavailableError } from '@backstage/errors';
import type { ForeignTextFormatter } from '../../../core';
import { decodeValue, parseJson } from '../../../http';
import type { KubernetesKind, KubernetesKinds, WatchEvent } from '../types';
import { type KubernetesCall, describeCall } from './call';
import { errorFromStatus } from './errors';
import { withType } from './resources';
import { bookmarkSchema, eventSchema, objectSchema } from './schemas';
import { decodeStatus } from './status';

/** A Deployment has a few kilobytes; the largest object that a cluster stores has about a megabyte. */
const MOST_LINE_BYTES = 1024 * 1024;

const MOST_PARTS = 256;

const LINE_FEED = 0x0a;

/**
 * Splits a stream of bytes into lines. A chunk may be half a line, many lines, or end inside a multi-byte character. Skips
 * empty lines; yields a last line without a line feed too.
 *
 * @param tooLong - the error for a line above a megabyte, of which no more is read
 * @internal
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  tooLong: () => Error,
): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let size = 0;
  function take(last: Uint8Array): string {
    const line = Buffer.concat([...parts, last]).toString('utf8');
    parts = [];
    size = 0;
    return line;
  }
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(LINE_FEED, from);
      const part = chunk.subarray(from, at < 0 ? undefined : at);
      size += part.length;
      if (size > MOST_LINE_BYTES) {
        throw tooLong();
      }
      if (at < 0) {
        // Joined from time to time, since a server may send single bytes.
        parts = parts.length < MOST_PARTS ? parts : [Buffer.concat(parts)];
        parts.push(part);
        break;
      }
      const line = take(part);
      if (line.trim()) {
        yield line;
      }
      from = at + 1;
    }
  }
  const rest = take(new Uint8Array());
  if (rest.trim()) {
    yield rest;
  }
}

/** What a watch watches. @internal */
export interface Watched<K extends KubernetesKind> {
  call: KubernetesCall;
  kind: K;
  namespace: string;
  /** Where only the object of this name is watched. */
  name: string | undefined;
  /** Makes texts of the stream fit for messages. */
  formatter: () => ForeignTextFormatter;
}

/**
 * Reads the events of a watch. An `ERROR` event ends it with the error of its Status. A truncated last line ends it without
 * an error, like any other close by the server: the caller watches anew.
 *
 * @throws ServiceUnavailableError for a line that is no event, and for an event of another object
 * @internal
 */
export async function* watchEvents<K extends KubernetesKind>(
  chunks: AsyncIterable<Uint8Array>,
  watched: Watched<K>,
): AsyncGenerator<WatchEvent<KubernetesKinds[K]>> {
  const asked = describeCall(watched.call);
  const refuse = (what: string) =>
    new ServiceUnavailableError(`${asked}: the stream contains ${what}`);
  let cut = false;
  for await (const line of linesOf(chunks, () =>
    refuse('a line of more than 1 MB'),
  )) {
    const json = cut ? undefined : parseJson(line);
    if (cut) {
      throw refuse('something that is not an event');
    }
    if (json === undefined) {
      cut = true;
      continue;
    }
    const event = decodeValue(`${asked}: an event`, json, eventSchema);
    if (event.type === 'ERROR') {
      throw errorOf(event.object, watched);
    }
    if (event.type === 'BOOKMARK') {
      const object = decodeValue(
        `${asked}: a bookmark`,
        event.object,
        bookmarkSchema,
      );
      // It has the members that bookmarks have.
      yield { type: event.type, object: withType(watched.kind, object) };
      continue;
    }
    const object = decodeValue(
      `${asked}: an event`,
      event.object,
      objectSchema(watched.kind),
    );
    const { name, namespace = watched.namespace } = object.metadata;
    if (
      (watched.name !== undefined && name !== watched.name) ||
      namespace !== watched.namespace
    ) {
      throw refuse('an event of another object');
    }
    yield { type: event.type, object: withType(watched.kind, object) };
  }
}

function errorOf<K extends KubernetesKind>(
  object: unknown,
  { call, formatter }: Watched<K>,
): Error {
  const status = decodeStatus(object, 500);
  return status
    ? errorFromStatus(call, status, formatter())
    : new ServiceUnavailableError(
        `${describeCall(
          call,
        )}: the cluster answered 500: an error event without a Status`,
      );
}
