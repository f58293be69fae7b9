import { EntityProvider } from '@backstage/plugin-catalog-react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { attachedEntity } from './__fixtures__/entities';
import { integrations } from './__fixtures__/integrations';
import { hoopAuthentikApiRef } from './api';
import * as legacy from './legacy';

describe('legacy', () => {
  it('should export what an app of the old frontend system needs', () => {
    expect(Object.keys(legacy).sort()).toEqual([
      'EntityHoopAuthentikAccess',
      'EntityHoopAuthentikCard',
      'HoopAccessFieldExtension',
      'HoopCertificateFieldExtension',
      'HoopFlowFieldExtension',
      'HoopGatewayFieldExtension',
      'HoopGatewaysPage',
      'HoopGroupsFieldExtension',
      'HoopPlanFieldExtension',
      'hoopAuthentikPlugin',
      'isHoopAuthentikAvailable',
    ]);
    expect(legacy.hoopAuthentikPlugin.getId()).toBe('hoop-authentik');
    expect([...legacy.hoopAuthentikPlugin.getApis()]).toEqual([
      expect.objectContaining({ api: hoopAuthentikApiRef }),
    ]);
  });

  it('should show the card', async () => {
    const api = { getIntegration: async () => integrations.connected };
    await renderInTestApp(
      <TestApiProvider apis={[[hoopAuthentikApiRef, api]]}>
        <EntityProvider entity={attachedEntity('example')}>
          <legacy.EntityHoopAuthentikCard />
        </EntityProvider>
      </TestApiProvider>,
    );

    expect(await screen.findByText('Connected')).toBeInTheDocument();
  });
});
