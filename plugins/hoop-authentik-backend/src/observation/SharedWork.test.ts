import { SharedWork } from './SharedWork';

describe('SharedWork', () => {
  /** Work that ends on request. */
  function workOf() {
    const signals: AbortSignal[] = [];
    const ends: Array<(value: string) => void> = [];
    const start = jest.fn(
      (signal: AbortSignal) =>
        new Promise<string>(resolve => {
          signals.push(signal);
          ends.push(resolve);
        }),
    );
    return { start, signals, ends };
  }

  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('should be done once for those who wait at the same time, and for those who ask soon after', async () => {
    const shared = new SharedWork<string>({ keptMs: 2_000 });
    const { start, ends } = workOf();
    const first = shared.run('a', start);
    const second = shared.run('a', start);
    const other = shared.run('b', start);
    expect(start).toHaveBeenCalledTimes(2);
    ends[0]('one');
    ends[1]('two');
    expect(await Promise.all([first, second, other])).toEqual([
      'one',
      'one',
      'two',
    ]);
    await jest.advanceTimersByTimeAsync(1_900);
    expect(await shared.run('a', start)).toBe('one');
    await jest.advanceTimersByTimeAsync(200);
    const third = shared.run('a', start);
    ends[2]('three');
    expect(await third).toBe('three');
  });

  it('should go on when all have left, so that asking again and again is no more work', async () => {
    const shared = new SharedWork<string>();
    const { start, signals, ends } = workOf();
    for (let time = 0; time < 50; time++) {
      const visitor = new AbortController();
      const answer = shared.run('a', start, { signal: visitor.signal });
      visitor.abort(new Error('gone'));
      await expect(answer).rejects.toThrow('gone');
    }
    expect(start).toHaveBeenCalledTimes(1);
    expect(signals[0].aborted).toBe(false);
    const last = shared.run('a', start);
    ends[0]('done');
    expect(await last).toBe('done');
    await expect(
      shared.run('b', start, {
        signal: AbortSignal.abort(new Error('never came')),
      }),
    ).rejects.toThrow('never came');
    expect(start).toHaveBeenCalledTimes(1);
  });

  it('should send callers away while too much is under way, and name the time to wait', async () => {
    const shared = new SharedWork<string>();
    const { start, ends } = workOf();
    const all = Array.from({ length: 4 }, (_, n) => shared.run(`${n}`, start));
    await expect(shared.run('one more', start)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      retryAfter: 5,
    });
    // What is under way already is open to more callers.
    all.push(shared.run('3', start));
    ends.forEach(end => end('done'));
    await Promise.all(all);
    const next = shared.run('one more', start);
    ends.at(-1)!('done');
    expect(await next).toBe('done');
    expect(start).toHaveBeenCalledTimes(5);
  });

  it('should pass a failure on to all who wait, and try again afterwards', async () => {
    const shared = new SharedWork<string>();
    const fail = async () => {
      throw new Error('no');
    };
    const answers = [shared.run('a', fail), shared.run('a', fail)];
    for (const answer of answers) {
      await expect(answer).rejects.toThrow('no');
    }
    expect(await shared.run('a', async () => 'yes')).toBe('yes');
  });
});
