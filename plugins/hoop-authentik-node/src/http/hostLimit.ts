import { ServiceUnavailableError } from '@backstage/errors';
import { type Lane, withFailure } from '../core';

/** Concurrent requests to one host, over all clients. */
export const IN_FLIGHT_PER_HOST = 8;

/** How many of them may be of readers, so that a task always finds a slot soon. */
export const READERS_PER_HOST = 3;

/** How many while a task talks to the host: what the host does for them is time that it does not have for the task. */
const READERS_BESIDE_TASKS = 1;
const TASK_PAUSE_MS = 1_000;

/** More readers than this would wait longer than their deadlines. */
export const WAITING_READERS_PER_HOST = 256;

const RETRY_AFTER_SECONDS = 5;

/** In the order in which they are served. */
const LANES: readonly Lane[] = ['wayBack', 'task', 'reader'];

interface Host {
  most: number;
  inFlight: number;
  readersInFlight: number;
  /** When the last request of a task began. */
  lastTask: number;
  /** Requests that wait for their turn, oldest first. */
  waiting: Record<Lane, Array<() => void>>;
}

/** Shared by all clients of this process, since several may talk to one host. */
const hosts = new Map<string, Host>();

/**
 * Runs a request when fewer than {@link IN_FLIGHT_PER_HOST} to its host are running: those of ways back first, then those of
 * tasks, then those of readers, each in order of arrival. Otherwise many gateways on one authentik or in one cluster would
 * send all their requests at the same moment, and the cards that people look at would hold up a rotation.
 *
 * @throws the signal's reason when the caller aborts while waiting
 * @throws ServiceUnavailableError with `retryAfter` in seconds when too many readers wait
 * @internal
 */
export async function withinHostLimit<T>(
  origin: string,
  { signal, lane = 'task' }: Turn,
  run: () => Promise<T>,
): Promise<T> {
  return withinLimit(origin, IN_FLIGHT_PER_HOST, { signal, lane }, run);
}

/**
 * Like {@link withinHostLimit}, for the writes of a system that carries them out one after the other: more of them in
 * parallel only make each one slower, up to its deadline.
 *
 * @internal
 */
export async function withinWriteLimit<T>(
  origin: string,
  most: number,
  turn: Turn,
  run: () => Promise<T>,
): Promise<T> {
  return withinLimit(`writes to ${origin}`, most, turn, run);
}

interface Turn {
  signal?: AbortSignal;
  lane?: Lane;
}

async function withinLimit<T>(
  origin: string,
  most: number,
  { signal, lane = 'task' }: Turn,
  run: () => Promise<T>,
): Promise<T> {
  await enter(origin, most, lane, signal);
  try {
    return await run();
  } finally {
    leave(origin, lane);
  }
}

async function enter(
  origin: string,
  most: number,
  lane: Lane,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const host = hosts.get(origin) ?? {
    most,
    inFlight: 0,
    readersInFlight: 0,
    lastTask: -Infinity,
    waiting: { wayBack: [], task: [], reader: [] },
  };
  const queue = host.waiting[lane];
  if (hasRoom(host, lane) && queue.length === 0) {
    hosts.set(origin, host);
    count(host, lane, 1);
    return;
  }
  if (lane === 'reader' && queue.length >= WAITING_READERS_PER_HOST) {
    throw busy(origin);
  }
  await new Promise<void>((resolve, reject) => {
    function start() {
      signal?.removeEventListener('abort', giveUp);
      count(host, lane, 1);
      resolve();
    }
    function giveUp() {
      queue.splice(queue.indexOf(start), 1);
      reject(signal?.reason);
    }
    queue.push(start);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** Passes the slot to the next waiting request; forgets a host without requests. */
function leave(origin: string, lane: Lane): void {
  const host = hosts.get(origin)!;
  count(host, lane, -1);
  for (const next of LANES) {
    while (hasRoom(host, next) && host.waiting[next].length > 0) {
      host.waiting[next].shift()!();
    }
  }
  if (host.inFlight === 0) {
    hosts.delete(origin);
  }
}

function hasRoom(host: Host, lane: Lane): boolean {
  const readers =
    performance.now() - host.lastTask < TASK_PAUSE_MS
      ? READERS_BESIDE_TASKS
      : READERS_PER_HOST;
  return (
    host.inFlight < host.most &&
    (lane !== 'reader' || host.readersInFlight < readers)
  );
}

function count(host: Host, lane: Lane, change: 1 | -1): void {
  host.inFlight += change;
  if (lane === 'reader') {
    host.readersInFlight += change;
  } else if (change === 1) {
    host.lastTask = performance.now();
  }
}

function busy(origin: string): Error {
  const error = new ServiceUnavailableError(
    `${origin} is busy: too many reads wait for it. Try again in a few seconds.`,
  );
  withFailure(error, { kind: 'overloaded' });
  return Object.assign(error, { retryAfter: RETRY_AFTER_SECONDS });
}
