import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { createExtensionTester } from '@backstage/frontend-test-utils';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { isHoopAuthentikAvailable } from 'backstage-plugin-hoop-authentik-common';
import { screen } from '@testing-library/react';
import { attachedEntity, detachedEntity } from './__fixtures__/entities';
import { integrations } from './__fixtures__/integrations';
import plugin, { hoopAuthentikApiRef } from './index';

const card = plugin.getExtension('entity-card:hoop-authentik/integration');

describe('hoopAuthentikPlugin', () => {
  it('should show the card of an attached entity', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: attachedEntity('example') }),
        card,
      ],
      apis: [
        [
          hoopAuthentikApiRef,
          { getIntegration: async () => integrations.connected },
        ],
      ],
    });

    // The first rendering of a whole app takes most of the usual second, and more on a busy machine.
    expect(
      await screen.findByText('Connected', undefined, { timeout: 20_000 }),
    ).toBeInTheDocument();
  }, 30_000);

  it('should show the card exactly where the annotation is', () => {
    const filter = createExtensionTester(card).get(
      EntityCardBlueprint.dataRefs.filterFunction,
    );

    for (const entity of [attachedEntity('a'), detachedEntity('b')]) {
      expect(filter?.(entity)).toBe(isHoopAuthentikAvailable(entity));
    }
  });

  it('should be a content card unless configured otherwise', () => {
    const { type } = EntityCardBlueprint.dataRefs;

    expect(createExtensionTester(card).get(type)).toBe('content');
    expect(
      createExtensionTester(card, { config: { type: 'info' } }).get(type),
    ).toBe('info');
  });

  it.each([
    'entity-content:hoop-authentik/access',
    'page:hoop-authentik',
    'scaffolder-form-field:hoop-authentik/access',
    'scaffolder-form-field:hoop-authentik/certificate',
    'scaffolder-form-field:hoop-authentik/flow',
    'scaffolder-form-field:hoop-authentik/gateway',
    'scaffolder-form-field:hoop-authentik/groups',
    'scaffolder-form-field:hoop-authentik/plan',
  ] as const)('should have the extension %s', id => {
    expect(plugin.getExtension(id)).toBeDefined();
  });

  it('should provide the client of the backend', () => {
    expect(plugin.getExtension('api:hoop-authentik')).toBeDefined();
    expect(hoopAuthentikApiRef.id).toBe('plugin.hoop-authentik.client');
  });
});
