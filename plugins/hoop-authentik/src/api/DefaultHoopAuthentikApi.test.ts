import { integrations } from '../__fixtures__/integrations';
import { DefaultHoopAuthentikApi } from './DefaultHoopAuthentikApi';

describe('DefaultHoopAuthentikApi', () => {
  it('should ask the backend plugin through the fetch of the portal', async () => {
    const { observedAt } = integrations.connected;
    const remembered = {
      ...integrations.connected,
      since: observedAt,
      checkedAt: observedAt,
      stale: false,
      refreshing: false,
    };
    const fetch = jest.fn(
      async () => new Response(JSON.stringify(remembered), { status: 200 }),
    );
    const api = new DefaultHoopAuthentikApi({ fetchApi: { fetch } });

    await expect(
      api.getIntegration('component:default/connected'),
    ).resolves.toEqual(remembered);
    expect(fetch).toHaveBeenCalledWith(
      'plugin://hoop-authentik/integrations/by-entity/component/default/connected',
      { method: 'GET', signal: undefined },
    );
  });
});
