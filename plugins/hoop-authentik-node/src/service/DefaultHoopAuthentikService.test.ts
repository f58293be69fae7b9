import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { DefaultHoopAuthentikService } from './DefaultHoopAuthentikService';
import { CAPABILITIES } from '../targets';

const TARGET = {
  type: 'kubernetes',
  cluster: { kubeconfig: '/does/not/exist/kubeconfig' },
  namespace: 'hoop',
};

function create(
  gateways: JsonObject[],
  authentik: JsonObject = {},
  lifecycle = mockServices.rootLifecycle.mock(),
  logger = mockServices.rootLogger.mock(),
) {
  return DefaultHoopAuthentikService.create({
    config: mockServices.rootConfig({
      data: {
        hoopAuthentik: {
          authentik: [
            {
              baseUrl: 'https://auth.company',
              token: 'the-token',
              signingKey: 'Key',
              ...authentik,
            },
          ],
          gateways: gateways.map(gateway => ({
            url: 'https://hoop.company',
            target: TARGET,
            ...gateway,
          })),
        },
      },
    }),
    lifecycle,
    logger,
  });
}

describe('DefaultHoopAuthentikService', () => {
  it('should return the declared gateways', async () => {
    const service = create([{ name: 'prod' }, { name: 'staging' }]);
    expect(service.gatewayNames()).toEqual(['prod', 'staging']);
    const gateway = service.getGateway('prod');
    expect(gateway).toMatchObject({
      config: { name: 'prod' },
      authentik: { name: 'default' },
      systems: {
        authentik: { name: 'default', baseUrl: 'https://auth.company' },
        hoop: { url: 'https://hoop.company' },
      },
    });
    expect(gateway.systems.target.description).toContain('hoop/hoopgateway');
    expect(gateway.applicationContext()).toEqual({
      gateway: 'prod',
      claimedApplication: undefined,
      authentikBaseUrl: 'https://auth.company',
      redirectUri: 'https://hoop.company/api/callback',
      preferredSigningKey: 'Key',
      signingKeyDays: undefined,
      transaction: false,
      now: expect.any(Date),
    });
    await service.close();
  });

  it('should list the declared gateways for an unknown one', () => {
    expect(() =>
      create([{ name: 'prod' }, { name: 'staging' }]).getGateway('nope'),
    ).toThrow(
      expect.objectContaining({
        name: 'NotFoundError',
        message:
          'Unknown gateway "nope". Expected one of those declared under hoopAuthentik.gateways in app-config: prod, staging.',
      }),
    );
    expect(() => create([]).getGateway('nope')).toThrow('there are none yet');
  });

  it('should keep its clients, and share those of one authentik instance', async () => {
    const service = create([{ name: 'prod' }, { name: 'staging' }]);
    const prod = service.getGateway('prod');
    const staging = service.getGateway('staging');
    expect(service.getGateway('prod')).toBe(prod);
    expect(staging.systems.authentik).toBe(prod.systems.authentik);
    expect(staging.systems.probes).toBe(prod.systems.probes);
    expect(staging.systems.hoop).not.toBe(prod.systems.hoop);
    await service.close();
  });

  it.each([
    ['gateways[name=prod]', [{ name: 'prod', caFile: '/no/ca.pem' }], {}],
    ['authentik[name=default]', [{ name: 'prod' }], { caFile: '/no/ca.pem' }],
  ])(
    'should report a missing CA file of %s as unavailable, not as a bad request',
    (setting, gateways, authentik) => {
      expect(() => create(gateways, authentik).getGateway('prod')).toThrow(
        expect.objectContaining({
          name: 'ServiceUnavailableError',
          message: expect.stringContaining(
            `The file named as hoopAuthentik.${setting}.caFile in app-config cannot be read (ENOENT); expected the certificate authority as a PEM file`,
          ),
        }),
      );
    },
  );

  it.each(['gateway', 'authentik'])(
    "should not trust the system's authorities where the CA file of the %s is empty",
    owner => {
      const more = { caFile: __filename };
      expect(() =>
        create(
          [{ name: 'prod', ...(owner === 'gateway' ? more : {}) }],
          owner === 'authentik' ? more : {},
        ).getGateway('prod'),
      ).toThrow(
        expect.objectContaining({
          name: 'ServiceUnavailableError',
          message: expect.stringMatching(
            /^The file named as hoopAuthentik\..*\.caFile in app-config: expected certificates in PEM form, found /,
          ),
        }),
      );
    },
  );

  it('should report a missing kubeconfig only when the cluster is used', async () => {
    const service = create([{ name: 'prod' }]);
    const { target } = service.getGateway('prod').systems;
    await expect(target.read()).rejects.toThrow('/does/not/exist/kubeconfig');
    // The failure is not kept: the file may come.
    await expect(target.read()).rejects.toThrow('/does/not/exist/kubeconfig');
    await service.close();
  });

  it.each([
    ['gatewayApi' as const, { apiKey: 'hpk_of-an-administrator' }, undefined],
    ['helmValues' as const, {}, 'hoop:helmValues:patch'],
    ['envFile' as const, {}, 'hoop:envFile:patch'],
  ])(
    'should require no cluster for the target "%s"',
    async (type, more, advice) => {
      const service = create([{ name: 'prod', target: { type }, ...more }]);
      const { systems } = service.getGateway('prod');
      expect(systems.target.capabilities).toBe(CAPABILITIES[type]);
      expect(systems.hoop.hasApiKey).toBe(type === 'gatewayApi');
      expect(systems.target.refusal ?? '').toContain(advice ?? '');
      await service.close();
    },
  );

  it('should warn once of access to a cluster that is not protected', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'service-'));
    try {
      const kubeconfig = join(directory, 'config');
      await writeFile(
        kubeconfig,
        JSON.stringify({
          'current-context': 'c',
          contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
          clusters: [
            {
              name: 'c',
              cluster: {
                server: 'https://127.0.0.1:1',
                'insecure-skip-tls-verify': true,
              },
            },
          ],
          users: [{ name: 'u', user: { token: 'the-cluster-token' } }],
        }),
        { mode: 0o600 },
      );
      const logger = mockServices.rootLogger.mock();
      const service = create(
        [{ name: 'prod', target: { ...TARGET, cluster: { kubeconfig } } }],
        {},
        undefined,
        logger,
      );
      const { target } = service.getGateway('prod').systems;
      for (const _ of [1, 2]) {
        await expect(target.read()).rejects.toThrow('cannot be reached');
      }
      expect(logger.warn.mock.calls).toEqual([
        [
          expect.stringMatching(
            /^Access to a cluster: .*certificate unverified/,
          ),
        ],
      ]);
      await service.close();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('should close its connections when the backend stops', async () => {
    const lifecycle = mockServices.rootLifecycle.mock();
    const service = create([{ name: 'prod' }], {}, lifecycle);
    const { authentik, hoop } = service.getGateway('prod').systems;
    const [[stop]] = lifecycle.addShutdownHook.mock.calls;
    await stop();
    await expect(authentik.getVersion()).rejects.toThrow();
    await expect(hoop.getInfo()).rejects.toThrow();
  });
});
