import { ServiceUnavailableError } from '@backstage/errors';
import {
  decodeStatus,
  describeCall,
  errorFromStatus,
  KubernetesCall,
} from './errors';
import type { KubernetesObject, WatchEvent } from '../types';

/**
 * Splits a stream of bytes into lines. A chunk may be half a line, many lines, or end inside a multi-byte character. Skips
 * empty lines; yields a last line without a line feed too.
 *
 * @internal
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest +=
      typeof chunk === 'string'
        ? chunk
        : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter(line => line.trim());
  }
  rest += decoder.decode();
  if (rest.trim()) {
    yield rest;
  }
}

/**
 * Reads the events of a watch. An `ERROR` event ends it with the error of its Status. A truncated last line ends it without
 * an error, like any other close by the server: the caller continues from the last event.
 *
 * @internal
 */
export async function* watchEvents<T extends KubernetesObject>(
  chunks: AsyncIterable<Uint8Array | string>,
  call: KubernetesCall,
  complete: (object: KubernetesObject) => T,
): AsyncGenerator<WatchEvent<T>> {
  let cut = false;
  for await (const line of linesOf(chunks)) {
    if (cut) {
      throw new ServiceUnavailableError(
        `${describeCall(
          call,
        )}: the stream contains something that is not an event`,
      );
    }
    const event = parseEvent(line);
    if (!event) {
      cut = true;
      continue;
    }
    if (event.type === 'ERROR') {
      const status = decodeStatus(event.object, 500);
      throw errorFromStatus(
        call,
        status ?? {
          code: 500,
          reason: 'an error event without a Status',
          message: '',
          causes: [],
        },
      );
    }
    yield { type: event.type, object: complete(event.object) };
  }
}

type RawEvent = {
  type: WatchEvent<unknown>['type'] | 'ERROR';
  object: KubernetesObject;
};

function parseEvent(line: string): RawEvent | undefined {
  try {
    const event = JSON.parse(line) as Partial<RawEvent> | null;
    return typeof event?.type === 'string' && typeof event.object === 'object'
      ? (event as RawEvent)
      : undefined;
  } catch {
    return undefined;
  }
}
