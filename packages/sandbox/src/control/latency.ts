import { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** How long a real authentik takes, measured on an idle one with 280 providers. */
const milliseconds = {
  fastestRead: 100,
  slowestRead: 700,
  write: 400,
  transaction: 2_600,
};

/** Writes that go on at a time, however many are sent: as many as the measured server had cores. */
const LANES = 2;

/** The same path takes as long every time, so that two measurements can be compared. */
function readMs(path: string): number {
  const { fastestRead, slowestRead } = milliseconds;
  if (path.endsWith('/used_by/')) {
    return slowestRead;
  }
  const sum = [...path].reduce(
    (hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 9973,
    7,
  );
  return fastestRead + (sum % (slowestRead - fastestRead));
}

/** The pace of a real authentik for its API, to switch on. @internal */
export class AuthentikLatency {
  private scale = 0;
  /** When the writes that are under way end, one for each that goes on at a time. */
  private busyUntil = Array.from({ length: LANES }, () => 0);

  /** 1 is the pace of a real server, less is faster in proportion, 0 is off. */
  set(scale: number): void {
    this.scale = scale;
  }

  get current(): number {
    return this.scale;
  }

  /** Holds a request up. Writes wait for their turn, and go on when the client has gone. */
  async hold(req: IncomingMessage): Promise<void> {
    const path = (req.url ?? '/').replace(/\?.*$/, '');
    if (this.scale === 0 || !path.startsWith('/api/v3/')) {
      return;
    }
    if (req.method === 'GET' || req.method === 'HEAD') {
      await setTimeout(readMs(path) * this.scale);
      return;
    }
    const ms = path.startsWith('/api/v3/core/transactional/')
      ? milliseconds.transaction
      : milliseconds.write;
    const now = performance.now();
    const lane = this.busyUntil.indexOf(Math.min(...this.busyUntil));
    const end = Math.max(now, this.busyUntil[lane]) + ms * this.scale;
    this.busyUntil[lane] = end;
    await setTimeout(end - now);
  }
}
