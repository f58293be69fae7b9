import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { AuthentikPermissionError } from '../systems/authentik';
import { GatewayKeyRefusedError } from '../systems/hoop';
import { KubernetesForbiddenError } from '../systems/kubernetes';
import { DEFAULT_PATIENCE, MOST_CONFLICTS, persistently } from './wayBack';

describe('persistently', () => {
  const down = new ServiceUnavailableError('the cluster answered 503');
  const conflict = new ConflictError('modified');

  /** Fails so many times, and notes when it is tried. */
  const failing = (times: number, error: Error) => {
    const attempts: number[] = [];
    return {
      attempts,
      write: async () => {
        attempts.push(Date.now());
        if (attempts.length <= times) {
          throw error;
        }
      },
    };
  };

  it.each([
    new AuthentikPermissionError('x'),
    new GatewayKeyRefusedError('x'),
    new KubernetesForbiddenError('x', {
      verb: 'patch',
      resource: 'secrets',
      namespace: 'hoop',
    }),
    new InputError('x'),
  ])('should not repeat what was refused: %s', async error => {
    const { write, attempts } = failing(1, error);
    await expect(persistently(write)).rejects.toBe(error);
    expect(attempts).toHaveLength(1);
  });

  it('should outlast a cluster that is away for longer than the tries of a conflict', async () => {
    const { write, attempts } = failing(MOST_CONFLICTS + 5, down);
    await persistently(write, { totalMs: 5_000, pauseMs: () => 1 });
    expect(attempts).toHaveLength(MOST_CONFLICTS + 6);
  });

  it('should give up on a cluster that does not answer after a while', async () => {
    const { write, attempts } = failing(Infinity, down);
    const start = Date.now();
    await expect(
      persistently(write, { totalMs: 100, pauseMs: () => 10 }),
    ).rejects.toBe(down);
    expect(Date.now() - start).toBeLessThan(1_000);
    expect(attempts.length).toBeGreaterThan(1);
  });

  it('should give up on another writer after some tries', async () => {
    const { write, attempts } = failing(Infinity, conflict);
    await expect(
      persistently(write, { totalMs: 5_000, pauseMs: () => 1 }),
    ).rejects.toBe(conflict);
    expect(attempts).toHaveLength(MOST_CONFLICTS);
  });

  it('should not make more than five requests a second', () => {
    // An attempt reads and writes; the first two come in quick succession.
    let requests = 0;
    for (let attempt = 1, ms = 0; ms < 1_000; attempt++) {
      requests += 2;
      ms += DEFAULT_PATIENCE.pauseMs(attempt);
    }
    expect(requests).toBeLessThanOrEqual(6);
    for (const attempt of [2, 3, 10, 100]) {
      expect(DEFAULT_PATIENCE.pauseMs(attempt)).toBeGreaterThanOrEqual(400);
      expect(DEFAULT_PATIENCE.pauseMs(attempt)).toBeLessThanOrEqual(2_500);
    }
  });
});
