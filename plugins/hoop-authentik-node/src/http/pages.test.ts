import { setTimeout as sleep } from 'node:timers/promises';
import { type Page, readPages } from './pages';

const page = (items: number[], next?: string, size = 10): Page<number> => ({
  items,
  next,
  size,
});

describe('readPages', () => {
  it('should read a list to its end', async () => {
    const read = jest
      .fn()
      .mockResolvedValueOnce(page([1], 'two'))
      .mockResolvedValueOnce(page([2]));
    const pages = await readPages('asked', {}, read);
    expect(pages.flatMap(({ items }) => items)).toEqual([1, 2]);
    expect(read.mock.calls.map(([next]) => next)).toEqual([undefined, 'two']);
  });

  it('should read in parallel what the first page names, and go on where the list has grown', async () => {
    let reading = 0;
    let most = 0;
    const pages = await readPages('asked', {}, async next => {
      most = Math.max(most, ++reading);
      await sleep(5);
      reading--;
      const number = Number(next ?? 1);
      return {
        ...page([number], number < 5 ? `${number + 1}` : undefined),
        others: number === 1 ? ['2', '3', '4'] : undefined,
      };
    });
    expect(pages.flatMap(({ items }) => items)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(3);
  });

  it('should refuse a first page that names too many others', async () => {
    const others = Array.from({ length: 200 }, (_, index) => `${index + 2}`);
    await expect(
      readPages('asked', {}, async () => ({ ...page([1], '2'), others })),
    ).rejects.toThrow('asked: the list has 201 pages');
  });

  it('should refuse a page that is repeated', async () => {
    const read = jest.fn(async (next?: string) =>
      page([1], next === 'a' ? 'b' : 'a'),
    );
    await expect(readPages('asked', {}, read)).rejects.toThrow(
      'asked: the list names a page that it named before as its next one',
    );
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('should refuse an endless list, by pages and by size', async () => {
    let count = 0;
    const read = jest.fn(async () => page([1], `${++count}`));
    await expect(readPages('asked', {}, read)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('does not end after 200 pages'),
    });
    expect(read).toHaveBeenCalledTimes(200);
    const large = jest.fn(async () => page([1], `${++count}`, 8_000_000));
    await expect(readPages('asked', {}, large)).rejects.toThrow(
      'does not end after 5 pages',
    );
  });

  it('should have one deadline for all pages', async () => {
    let count = 0;
    await expect(
      readPages('asked', { timeoutMs: 60 }, async (_, signal) => {
        await sleep(25, undefined, { signal });
        return page([1], `${++count}`);
      }),
    ).rejects.toThrow('asked: the list does not end within 0.06 s');
    expect(count).toBeLessThan(4);
  });

  it('should end with the reason of the caller', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    await expect(
      readPages('asked', { signal: controller.signal }, async (_, signal) => {
        controller.abort(reason);
        signal.throwIfAborted();
        return page([]);
      }),
    ).rejects.toBe(reason);
  });
});
