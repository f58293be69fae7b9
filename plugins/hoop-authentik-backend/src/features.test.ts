import {
  createBackendPlugin,
  createExtensionPoint,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import features from '.';

interface ScaffolderActions {
  addActions(...actions: Array<{ id: string }>): void;
}

/** Extension points are known by their id: the one by which the scaffolder takes actions. */
const scaffolderActions = createExtensionPoint<ScaffolderActions>({
  id: 'scaffolder.actions',
});

describe('hoopAuthentikFeatures', () => {
  it('should install the plugin and the actions with one line', async () => {
    const ids: string[] = [];
    const scaffolder = createBackendPlugin({
      pluginId: 'scaffolder',
      register(env) {
        env.registerExtensionPoint(scaffolderActions, {
          addActions(...actions) {
            ids.push(...actions.map(({ id }) => id));
          },
        });
        env.registerInit({ deps: {}, async init() {} });
      },
    });

    const { server } = await startTestBackend({
      features: [
        features,
        scaffolder,
        mockServices.rootConfig.factory({ data: {} }),
        catalogServiceMock.factory({
          entities: [
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Resource',
              metadata: { name: 'hoop', namespace: 'default' },
            },
          ],
        }),
      ],
    });

    expect(ids).toEqual(
      expect.arrayContaining([
        'authentik:application:ensure',
        'hoop:gateway:configure',
        'hoop:gateway:preflight',
        'hoop:gateway:restart',
        'hoop:gateway:verify',
      ]),
    );
    const { status, body } = await request(server).get(
      '/api/hoop-authentik/integrations/by-entity/resource/default/hoop',
    );
    expect(status).toBe(404);
    expect(body.error.message).toContain('is not attached to a gateway');

    for (const path of ['integrations', 'gateways']) {
      const answer = await request(server).get(`/api/hoop-authentik/${path}`);
      expect(answer.status).toBe(501);
      expect(answer.body.error).toMatchObject({
        name: 'NotImplementedError',
        message:
          'Not configured: app-config declares no gateway under hoopAuthentik.gateways',
      });
    }
  });
});
