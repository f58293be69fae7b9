import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lane } from '../core';
import {
  IN_FLIGHT_PER_HOST,
  READERS_PER_HOST,
  WAITING_READERS_PER_HOST,
  withinHostLimit,
} from './hostLimit';

const ORIGIN = 'https://auth.company';

/** Requests that run until the test ends them. */
function openRequests() {
  const started: number[] = [];
  const ends: Array<() => void> = [];
  const run = (id: number) => () =>
    new Promise<void>(resolve => {
      started.push(id);
      ends.push(resolve);
    });
  return { started, ends, run };
}

const settle = () => new Promise(resolve => setImmediate(resolve));

describe('lanes of withinHostLimit', () => {
  it('should serve ways back first, then tasks, then readers', async () => {
    const { started, ends, run } = openRequests();
    const all = Array.from({ length: IN_FLIGHT_PER_HOST }, (_, id) =>
      withinHostLimit(ORIGIN, {}, run(id)),
    );
    const lanes: Lane[] = ['reader', 'task', 'wayBack', 'reader', 'wayBack'];
    lanes.forEach((lane, at) =>
      all.push(withinHostLimit(ORIGIN, { lane }, run(100 + at))),
    );
    await settle();
    for (let id = 0; id < IN_FLIGHT_PER_HOST + lanes.length; id++) {
      ends[id]();
      await settle();
    }
    expect(started.slice(IN_FLIGHT_PER_HOST)).toEqual([
      102, 104, 101, 100, 103,
    ]);
    await Promise.all(all);
  });

  it('should keep most slots free of readers', async () => {
    const { started, ends, run } = openRequests();
    const readers = Array.from({ length: 50 }, (_, id) =>
      withinHostLimit(ORIGIN, { lane: 'reader' }, run(id)),
    );
    await settle();
    expect(started).toHaveLength(READERS_PER_HOST);
    const task = withinHostLimit(ORIGIN, { lane: 'task' }, run(100));
    await settle();
    expect(started.at(-1)).toBe(100);
    for (let at = 0; at < 51; at++) {
      ends[at]();
      await settle();
      expect(started.length - at).toBeLessThanOrEqual(READERS_PER_HOST + 2);
    }
    await Promise.all([...readers, task]);
    expect(started).toHaveLength(51);
  });

  it('should leave a host to a task that talks to it, but for one reader', async () => {
    const { started, ends, run } = openRequests();
    const task = withinHostLimit(ORIGIN, {}, run(100));
    const readers = Array.from({ length: 5 }, (_, id) =>
      withinHostLimit(ORIGIN, { lane: 'reader' }, run(id)),
    );
    await settle();
    expect(started).toEqual([100, 0]);
    for (let at = 0; at < 6; at++) {
      ends[at]();
      await settle();
    }
    await Promise.all([task, ...readers]);
    expect(started).toEqual([100, 0, 1, 2, 3, 4]);
  });

  it('should send away readers when too many wait, and forget those that give up', async () => {
    const { ends, run } = openRequests();
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const full = READERS_PER_HOST + WAITING_READERS_PER_HOST;
    const readers = Array.from({ length: full }, (_, id) =>
      withinHostLimit(
        ORIGIN,
        { lane: 'reader', signal: controller.signal },
        run(id),
      ).catch(error => error),
    );
    await expect(
      withinHostLimit(ORIGIN, { lane: 'reader' }, run(-1)),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('https://auth.company is busy'),
      retryAfter: 5,
    });
    controller.abort(new Error('the card was closed'));
    const last = withinHostLimit(ORIGIN, { lane: 'reader' }, run(-2));
    await settle();
    ends.forEach(end => end());
    await settle();
    ends.at(-1)!();
    await Promise.all([...readers, last]);
    expect(ends).toHaveLength(READERS_PER_HOST + 1);
  });

  it('should finish a task within its own time while 300 cards read', async () => {
    const latency = () => sleep(10);
    const readers = Array.from({ length: 300 }, () =>
      withinHostLimit(ORIGIN, { lane: 'reader' }, latency).catch(() => {}),
    );
    const begun = Date.now();
    for (let n = 0; n < 20; n++) {
      await withinHostLimit(ORIGIN, {}, latency);
    }
    // Alone: 20 times 10 ms.
    expect(Date.now() - begun).toBeLessThan(500);
    await Promise.all(readers);
  });
});
