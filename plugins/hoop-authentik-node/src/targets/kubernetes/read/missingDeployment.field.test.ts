import type { KubernetesReader } from '../../../systems/kubernetes';
import { REFUSED } from '../__testUtils__/FakeKubernetesClient';
import { CONFIG, deploymentOf } from '../__testUtils__/gatewayObjects';
import { readSnapshot } from './snapshot';

/** A namespace without the Deployment of app-config. */
function namespaceWith(list: () => string[]): KubernetesReader {
  return {
    server: 'https://cluster:6443',
    get: async () => undefined,
    list: async () => ({
      items: list().map(name => ({
        ...deploymentOf(),
        metadata: { name },
      })) as never,
      resourceVersion: '1',
    }),
  };
}

describe('A Deployment that is not there: the refusal lists what is', () => {
  it.each<[string, () => string[], string]>([
    [
      'with the prefix of its release',
      () => ['redis', 'acme-hoopgateway'],
      '; found "acme-hoopgateway", "redis". Check namespace',
    ],
    [
      'with the suffix of its environment',
      () => ['a', 'b', 'hoopgateway-prod'],
      '; found "hoopgateway-prod", "a", "b". Check',
    ],
    ['in a namespace without any', () => [], '; found no Deployment. Check'],
    [
      'among many',
      () => Array.from({ length: 40 }, (_, index) => `d${index}`),
      '"d9" and 30 more. Check',
    ],
    [
      'where we may not list them',
      () => {
        throw REFUSED;
      },
      'of https://cluster:6443. Check namespace',
    ],
  ])('%s', async (_, list, message) => {
    await expect(
      readSnapshot(namespaceWith(list), CONFIG),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
  });
});
