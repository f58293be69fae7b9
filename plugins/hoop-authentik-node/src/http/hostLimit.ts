/** Concurrent requests to one host, over all clients. */
export const IN_FLIGHT_PER_HOST = 8;

interface Host {
  inFlight: number;
  /** Requests that wait for their turn, oldest first. */
  waiting: Array<() => void>;
}

/** Shared by all clients of this process, since several may talk to one host. */
const hosts = new Map<string, Host>();

/**
 * Runs a request when fewer than {@link IN_FLIGHT_PER_HOST} to its host are running, in order of arrival. Otherwise many
 * gateways on one authentik or in one cluster would send all their requests at the same moment.
 *
 * @throws the signal's reason when the caller aborts while waiting
 * @internal
 */
export async function withinHostLimit<T>(
  origin: string,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  await enter(origin, signal);
  try {
    return await run();
  } finally {
    leave(origin);
  }
}

async function enter(
  origin: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const host = hosts.get(origin) ?? { inFlight: 0, waiting: [] };
  hosts.set(origin, host);
  if (host.inFlight < IN_FLIGHT_PER_HOST) {
    host.inFlight++;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    function start() {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }
    function giveUp() {
      host.waiting.splice(host.waiting.indexOf(start), 1);
      reject(signal?.reason);
    }
    host.waiting.push(start);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** Passes the slot to the oldest waiting request; forgets a host without requests. */
function leave(origin: string): void {
  const host = hosts.get(origin)!;
  const next = host.waiting.shift();
  if (next) {
    next();
    return;
  }
  host.inFlight--;
  if (host.inFlight === 0) {
    hosts.delete(origin);
  }
}
