import { StatusError } from '../status';

const retryDelayMs = 500;

/** Runs one handler per key after a delay; a key that is already waiting is not queued twice. @internal */
export class WorkQueue {
  private readonly timers = new Map<
    string,
    { timer: NodeJS.Timeout; due: number }
  >();
  private closed = false;

  constructor(private readonly handle: (key: string) => void) {}

  add(key: string, delayMs: number): void {
    const due = Date.now() + delayMs;
    const waiting = this.timers.get(key);
    if (this.closed || (waiting && waiting.due <= due)) {
      return;
    }
    clearTimeout(waiting?.timer);
    const timer = setTimeout(() => {
      this.timers.delete(key);
      this.attempt(key);
    }, delayMs);
    this.timers.set(key, { timer, due });
  }

  /** A refused write (a name in use, an object just changed) is tried again, as every controller does. */
  private attempt(key: string): void {
    try {
      this.handle(key);
    } catch (error) {
      if (!(error instanceof StatusError)) {
        throw error;
      }
      this.add(key, retryDelayMs);
    }
  }

  close(): void {
    this.closed = true;
    for (const { timer } of this.timers.values()) {
      clearTimeout(timer);
    }
    this.timers.clear();
  }
}
