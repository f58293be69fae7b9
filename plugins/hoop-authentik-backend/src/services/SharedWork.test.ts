import { SharedWork } from './SharedWork';

describe('SharedWork', () => {
  /** Work that ends on request, or when it is abandoned. */
  function workOf() {
    const signals: AbortSignal[] = [];
    const ends: Array<(value: string) => void> = [];
    const start = jest.fn(
      (signal: AbortSignal) =>
        new Promise<string>((resolve, reject) => {
          signals.push(signal);
          ends.push(resolve);
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    return { start, signals, ends };
  }

  it('should be done once for those who wait at the same time, and anew afterwards', async () => {
    const shared = new SharedWork<string>();
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
    const third = shared.run('a', start);
    ends[2]('three');
    expect(await third).toBe('three');
  });

  it('should go on for those who stay, and be given up when the last one leaves', async () => {
    const shared = new SharedWork<string>();
    const { start, signals } = workOf();
    const visitors = [new AbortController(), new AbortController()];
    const answers = visitors.map(({ signal }) =>
      shared.run('a', start, signal),
    );
    visitors[0].abort(new Error('gone'));
    await expect(answers[0]).rejects.toThrow('gone');
    expect(signals[0].aborted).toBe(false);
    visitors[1].abort(new Error('gone too'));
    await expect(answers[1]).rejects.toThrow('gone too');
    expect(signals[0].aborted).toBe(true);
    // Abandoned work is not handed to later callers.
    void shared.run('a', start).catch(() => {});
    expect(start).toHaveBeenCalledTimes(2);
    await expect(
      shared.run('b', start, AbortSignal.abort(new Error('never came'))),
    ).rejects.toThrow('never came');
  });

  it('should tell everybody of a failure, and try again afterwards', async () => {
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
