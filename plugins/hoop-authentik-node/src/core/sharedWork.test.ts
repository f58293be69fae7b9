import { once } from './sharedWork';

describe('once', () => {
  it('should run once for all callers, during the run and after it', async () => {
    const run = jest.fn(async () => ({}));
    const get = once(run);
    const [first, second] = await Promise.all([get(), get()]);
    expect(second).toBe(first);
    expect(await get()).toBe(first);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('should try again after a failure', async () => {
    const run = jest
      .fn(async () => 'there')
      .mockRejectedValueOnce(new Error('not yet'));
    const get = once(run);
    await expect(Promise.all([get(), get()])).rejects.toThrow('not yet');
    await expect(get()).resolves.toBe('there');
    expect(run).toHaveBeenCalledTimes(2);
  });
});
