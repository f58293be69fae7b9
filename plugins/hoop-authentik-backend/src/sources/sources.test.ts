import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { integrationSources, readAttachedEntities } from '.';

function entity(
  name: string,
  annotations?: Record<string, string>,
  owner?: string,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name, namespace: 'default', annotations },
    relations: owner ? [{ type: 'ownedBy', targetRef: owner }] : [],
  };
}

const gateways = DefaultHoopAuthentikService.create({
  config: mockServices.rootConfig({
    data: {
      hoopAuthentik: {
        authentik: [{ baseUrl: 'https://auth.company', token: 'token' }],
        gateways: ['main', 'spare'].map(name => ({
          name,
          title: `Gateway ${name}`,
          url: `https://${name}.company`,
          target: { type: 'helmValues' },
        })),
      },
    },
  }),
});

describe('integrationSources', () => {
  it('should list entities with their gateway, and gateways without an entity', () => {
    const sources = integrationSources(gateways, [
      entity('hoop', { 'hoop.dev/gateway': 'main' }, 'group:default/sre'),
      entity('other', {
        'hoop.dev/gateway': 'main',
        'goauthentik.io/application': 'own',
      }),
    ]);
    const main = {
      gateway: {
        name: 'main',
        title: 'Gateway main',
        url: 'https://main.company',
        targetType: 'helmValues',
      },
      authentik: 'default',
    };
    expect(sources).toEqual([
      {
        id: 'resource:default/hoop',
        entityRef: 'resource:default/hoop',
        owner: 'group:default/sre',
        application: 'main',
        ...main,
      },
      {
        id: 'resource:default/other',
        entityRef: 'resource:default/other',
        application: 'own',
        ...main,
      },
      expect.objectContaining({
        id: 'gateway:spare',
        application: 'spare',
      }),
    ]);
    expect(sources[2]).not.toHaveProperty('entityRef');
  });

  it('should say which gateway was probably meant', () => {
    const [source] = integrationSources(gateways, [
      entity('typo', { 'hoop.dev/gateway': 'mian' }),
    ]);
    expect(source).toMatchObject({
      gateway: { name: 'mian', title: 'mian' },
      error:
        'Unknown gateway "mian". Did you mean "main"? Expected one of those declared under hoopAuthentik.gateways in app-config: main, spare.',
    });
  });

  it('should say what is wrong with the name of an application', () => {
    const [source] = integrationSources(gateways, [
      entity('bad', {
        'hoop.dev/gateway': 'main',
        'goauthentik.io/application': '../x',
      }),
    ]);
    expect(source.error).toContain('found "../x"');
  });
});

describe('readAttachedEntities', () => {
  it('should read all of many pages, and only those with the annotation', async () => {
    const many = Array.from({ length: 1_203 }, (_, index) =>
      entity(`hoop-${index}`, { 'hoop.dev/gateway': 'main' }),
    );
    const found = await readAttachedEntities({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({
        entities: [
          ...many,
          entity('none'),
          entity('empty', { 'hoop.dev/gateway': '' }),
        ],
      }),
    });
    expect(found).toHaveLength(many.length);
  });
});
