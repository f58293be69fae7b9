import { IN_FLIGHT_PER_HOST, withinHostLimit } from './hostLimit';

const ORIGIN = 'https://auth.company';

/** Requests that go on until they are ended by hand. */
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

describe('withinHostLimit', () => {
  it('should let no more than the limit go at once, in order', async () => {
    const { started, ends, run } = openRequests();
    const all = Array.from({ length: IN_FLIGHT_PER_HOST + 2 }, (_, id) =>
      withinHostLimit(ORIGIN, undefined, run(id)),
    );
    await settle();
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    ends[3]();
    await settle();
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    ends[0]();
    await settle();
    ends.forEach(end => end());
    await Promise.all(all);
    expect(started).toHaveLength(IN_FLIGHT_PER_HOST + 2);
  });

  it('should count each host for itself', async () => {
    const { started, ends, run } = openRequests();
    const all = [ORIGIN, 'https://hoop.company'].flatMap(origin =>
      Array.from({ length: IN_FLIGHT_PER_HOST }, (_, id) =>
        withinHostLimit(origin, undefined, run(id)),
      ),
    );
    await settle();
    expect(started).toHaveLength(2 * IN_FLIGHT_PER_HOST);
    ends.forEach(end => end());
    await Promise.all(all);
  });

  it('should let the next one go after a failure', async () => {
    const failures = Array.from({ length: 3 * IN_FLIGHT_PER_HOST }, () =>
      withinHostLimit(ORIGIN, undefined, async () => {
        throw new Error('no');
      }).catch(error => error.message),
    );
    expect(new Set(await Promise.all(failures))).toEqual(new Set(['no']));
    await expect(
      withinHostLimit(ORIGIN, undefined, async () => 'done'),
    ).resolves.toBe('done');
  });

  it('should not keep somebody waiting who has gone', async () => {
    const { started, ends, run } = openRequests();
    const controller = new AbortController();
    const all = Array.from({ length: IN_FLIGHT_PER_HOST }, (_, id) =>
      withinHostLimit(ORIGIN, undefined, run(id)),
    );
    const gone = withinHostLimit(ORIGIN, controller.signal, run(100));
    const last = withinHostLimit(ORIGIN, undefined, run(200));
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    ends[0]();
    await settle();
    expect(started.at(-1)).toBe(200);
    expect(started).not.toContain(100);
    ends.forEach(end => end());
    await Promise.all([...all, last]);

    await expect(
      withinHostLimit(ORIGIN, controller.signal, run(300)),
    ).rejects.toThrow('gone');
    expect(started).not.toContain(300);
  });
});
