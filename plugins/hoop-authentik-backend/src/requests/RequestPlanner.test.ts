import { requestNamed } from './__testUtils__/requests';
import { RequestPlanner } from './RequestPlanner';

describe('RequestPlanner', () => {
  it('should refuse access whose end has come before anyone decided', async () => {
    const planner = new RequestPlanner({
      gateways: {
        getGateway: () => {
          throw new Error('asked');
        },
      } as any,
      grantsOf: async () => [],
    });
    const plan = await planner.plan({
      ...requestNamed('hoop'),
      id: 'r1',
      state: 'pending',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-08T00:00:00.000Z',
      planDigest: '',
      attempt: '',
      attemptedAt: 0,
      until: '2026-01-02T00:00:00.000Z',
    });
    expect(plan).toMatchObject({
      changes: [],
      refusal: expect.stringContaining('2026-01-02'),
    });
  });
});
