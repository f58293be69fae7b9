import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import { hoopAuthentikPlugin } from '../plugin';
import { createGatewayConditionalDecision, gatewayConditions } from '.';
import { hoopAuthentikGatewayManagePermission } from 'backstage-plugin-hoop-authentik-common';

jest.setTimeout(60_000);

const resource = (name: string, gateway: string, owner: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { name, annotations: { 'hoop.dev/gateway': gateway } },
  relations: [{ type: 'ownedBy', targetRef: owner }],
});

const gateway = (name: string) => ({
  name,
  url: `https://${name}.company`,
  target: { type: 'helmValues' },
});

describe('rules for gateways', () => {
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        hoopAuthentikPlugin,
        catalogServiceMock.factory({
          entities: [
            resource('a', 'payments', 'group:default/payments'),
            resource('b', 'data', 'group:default/data'),
            // Attached by its author, and owned by that author's team.
            resource('c', 'payments', 'group:default/guild'),
          ],
        }),
        mockServices.rootConfig.factory({
          data: {
            hoopAuthentik: {
              authentik: [{ baseUrl: 'https://auth.company', token: 't' }],
              gateways: ['payments', 'data', 'alone'].map(gateway),
            },
          },
        }),
      ],
    });
  });

  afterAll(() => backend?.stop());

  async function decide(
    resourceRef: string,
    conditions: Parameters<typeof createGatewayConditionalDecision>[1],
  ) {
    const {
      pluginId,
      resourceType,
      conditions: criteria,
    } = createGatewayConditionalDecision(
      hoopAuthentikGatewayManagePermission,
      conditions,
    );
    expect(pluginId).toBe('hoop-authentik');
    const { status, body } = await request(backend.server)
      .post(
        '/api/hoop-authentik/.well-known/backstage/permissions/apply-conditions',
      )
      .set('authorization', mockCredentials.service.header())
      .send({
        items: [{ id: '1', resourceRef, resourceType, conditions: criteria }],
      });
    expect(status).toBe(200);
    return body.items[0].result;
  }

  const owned = (claims: string[]) =>
    gatewayConditions.isOwnerOfEntity({ claims });

  it.each([
    ['payments', ['group:default/payments'], 'ALLOW'],
    ['payments', ['user:default/jane', 'group:default/guild'], 'ALLOW'],
    ['payments', ['group:default/data'], 'DENY'],
    ['data', ['group:default/data'], 'ALLOW'],
    ['alone', ['group:default/data'], 'DENY'],
    ['unknown', ['group:default/data'], 'DENY'],
    ['payments', [], 'DENY'],
  ])('should decide on %s for owners %j: %s', async (name, claims, result) => {
    expect(await decide(name, owned(claims))).toBe(result);
  });

  it.each([
    ['payments', ['payments', 'data'], 'ALLOW'],
    ['alone', ['payments', 'data'], 'DENY'],
    ['unknown', ['unknown'], 'DENY'],
  ])('should decide on %s among %j: %s', async (name, names, result) => {
    expect(await decide(name, gatewayConditions.isGateway({ names }))).toBe(
      result,
    );
  });

  it('should combine', async () => {
    const both = {
      allOf: [
        gatewayConditions.isGateway({ names: ['data'] }),
        owned(['group:default/data']),
      ] as const,
    };
    expect(await decide('data', { allOf: [...both.allOf] })).toBe('ALLOW');
    expect(await decide('payments', { allOf: [...both.allOf] })).toBe('DENY');
  });
});
