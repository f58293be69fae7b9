import type { Dispatcher } from 'undici';

/** For an answer that the caller reads. @internal */
export const MOST_BYTES = 8 * 1024 * 1024;

/** For any other: it explains an error, or it is no answer of the system at all. @internal */
export const MOST_ERROR_BYTES = 64 * 1024;

/** Larger bodies are read one after the other, since many hosts may send the largest at the same moment. */
const LARGE_BYTES = 256 * 1024;
const LARGE_AT_ONCE = 1;

/** So that one host does not keep the others waiting. */
const LARGE_MS = 5_000;

/** Memory for large bodies; used again, since garbage of this size stays for long. */
const free: Buffer[] = [];
const waiting: Array<(place: Buffer) => void> = [];
let taken = 0;

/**
 * Reads a body up to a number of bytes, and closes the connection where it has more.
 *
 * @returns `undefined` where it has more
 * @throws the signal's reason when it is aborted
 * @internal
 */
export async function readBody(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  most: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Destroying a body emits an error for what is left unread.
  body.on('error', () => {});
  if (Number(headers['content-length']) > most) {
    body.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  let place: Buffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (size + chunk.length > most) {
        return undefined;
      }
      if (!place && size + chunk.length > LARGE_BYTES) {
        place = await takePlace(signal);
        Buffer.concat(chunks.splice(0)).copy(place);
        timer = setTimeout(() => body.destroy(tooSlow()), LARGE_MS);
      }
      if (place) {
        chunk.copy(place, size);
      } else {
        chunks.push(chunk);
      }
      size += chunk.length;
    }
    return (place ?? Buffer.concat(chunks)).toString('utf8', 0, size);
  } finally {
    clearTimeout(timer);
    body.destroy();
    if (place) {
      leavePlace(place);
    }
  }
}

function tooSlow(): Error {
  return new DOMException(
    `the rest of a large answer took longer than ${LARGE_MS / 1000} s`,
    'TimeoutError',
  );
}

async function takePlace(signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  if (taken < LARGE_AT_ONCE) {
    taken++;
    return free.pop() ?? Buffer.allocUnsafeSlow(MOST_BYTES);
  }
  return new Promise<Buffer>((resolve, reject) => {
    function start(place: Buffer) {
      signal.removeEventListener('abort', giveUp);
      resolve(place);
    }
    function giveUp() {
      waiting.splice(waiting.indexOf(start), 1);
      reject(signal.reason);
    }
    waiting.push(start);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

function leavePlace(place: Buffer): void {
  const next = waiting.shift();
  if (next) {
    next(place);
    return;
  }
  taken--;
  free.push(place);
  if (taken === 0) {
    // No large body is being read.
    free.length = 0;
  }
}
