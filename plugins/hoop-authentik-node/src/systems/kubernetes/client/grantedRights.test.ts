import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import { KubernetesForbiddenError } from './errors';
import { GrantedRights, type Right } from './grantedRights';

const RIGHT: Right = {
  verb: 'get',
  resource: 'secrets',
  namespace: 'hoop',
  name: 'idp',
};
const LACKING = new KubernetesForbiddenError('User "x" cannot get', RIGHT);
const DENIED = new KubernetesForbiddenError('denied the request', {
  ...RIGHT,
  byAdmission: true,
});

describe('GrantedRights', () => {
  let rights: GrantedRights;
  let calls: number;

  beforeEach(() => {
    rights = new GrantedRights({
      totalMs: 200,
      wayBackMs: 600,
      firstPauseMs: 10,
    });
    calls = 0;
  });

  /** A call that is refused so many times first. */
  const refusedFor = (times: number, error: Error) => async () => {
    calls++;
    if (calls <= times) {
      throw error;
    }
    return 'done';
  };

  /** How a call ends, and after which time. */
  async function ending(call: () => Promise<string>, options?: CallOptions) {
    const start = Date.now();
    const result = await rights.use(RIGHT, call, options).then(
      value => ({ value }),
      (error: Error) => ({ error }),
    );
    return { ...result, ms: Date.now() - start };
  }

  it('should believe the refusal of what was never granted', async () => {
    expect(await ending(refusedFor(1, LACKING))).toMatchObject({
      error: LACKING,
    });
    expect(calls).toBe(1);
  });

  it('should ask again for what was granted, after longer and longer pauses', async () => {
    rights.note(RIGHT);
    const { ms, ...result } = await ending(refusedFor(4, LACKING));
    expect(result).toEqual({ value: 'done' });
    expect(calls).toBe(5);
    expect(ms).toBeGreaterThanOrEqual(105);
  });

  it('should believe it after a while, and immediately from then on', async () => {
    rights.note(RIGHT);
    const { ms, ...result } = await ending(refusedFor(Infinity, LACKING));
    expect(result).toEqual({ error: LACKING });
    expect(ms).toBeGreaterThan(100);
    expect(calls).toBeLessThan(10);
    const before = calls;
    await ending(refusedFor(Infinity, LACKING));
    expect(calls).toBe(before + 1);
  });

  it('should ask for longer on the way back', async () => {
    rights.note(RIGHT);
    const { ms } = await ending(refusedFor(Infinity, LACKING), {
      lane: 'wayBack',
    });
    expect(ms).toBeGreaterThan(400);
  });

  it.each<[string, () => Promise<string>]>([
    ['a success', async () => 'done'],
    [
      'what does not exist',
      async () => {
        throw new NotFoundError('none');
      },
    ],
  ])('should learn from %s', async (_, call) => {
    await ending(call);
    expect(rights.has(RIGHT)).toBe(true);
    expect(rights.has({ ...RIGHT, name: 'other' })).toBe(false);
    expect(rights.has({ ...RIGHT, verb: 'patch' })).toBe(false);
    expect(rights.has({ ...RIGHT, namespace: 'other' })).toBe(false);
  });

  it('should learn nothing from an outage, and repeat no denial', async () => {
    const down = new ServiceUnavailableError('down');
    await ending(refusedFor(Infinity, down));
    expect(rights.has(RIGHT)).toBe(false);
    rights.note(RIGHT);
    calls = 0;
    await ending(refusedFor(Infinity, DENIED));
    expect(calls).toBe(1);
  });

  it('should restrict no creation to a name', () => {
    rights.note({ ...RIGHT, verb: 'create', name: undefined });
    expect(rights.has({ ...RIGHT, verb: 'create' })).toBe(true);
  });

  it('should end with the reason of a caller that aborts', async () => {
    rights.note(RIGHT);
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    const { signal } = controller;
    expect(
      await ending(refusedFor(Infinity, LACKING), { signal }),
    ).toMatchObject({ error: reason });
  });
});
