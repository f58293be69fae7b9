import { BulkReads } from './BulkReads';
import { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { KubernetesForbiddenError } from './errors';
import type { KubernetesKind } from '../types';
import { deploymentOf, podOf } from '../__testUtils__/objects';

/** Two namespaces with two gateways each; records its calls. */
function startCluster(refused: string[] = []) {
  const calls: string[] = [];
  const client = new DefaultKubernetesClient({
    server: 'https://cluster',
    tls: {},
    headers: async () => ({}),
  });
  const answer = (call: string) => {
    calls.push(call);
    if (refused.some(one => call.startsWith(one))) {
      throw new KubernetesForbiddenError('forbidden', {
        verb: 'list',
        resource: 'x',
        namespace: 'hoop',
      });
    }
  };
  const objectsOf = (kind: KubernetesKind, namespace: string) =>
    ['a', 'b'].map(name => ({
      ...(kind === 'Pod' ? podOf(1) : deploymentOf(1)),
      kind,
      metadata: { name, namespace, labels: { app: name } },
    }));
  jest
    .spyOn(client, 'get')
    .mockImplementation(async (kind, namespace, name) => {
      answer(`get ${kind} ${namespace}/${name}`);
      return objectsOf(kind, namespace).find(
        one => one.metadata.name === name,
      ) as never;
    });
  jest
    .spyOn(client, 'list')
    .mockImplementation(async (kind, namespace, { labelSelector }) => {
      answer(`list ${kind} ${namespace} ${labelSelector ?? 'all'}`);
      return {
        items: objectsOf(kind, namespace).filter(
          one => !labelSelector || labelSelector === `app=${one.metadata.name}`,
        ) as never,
        resourceVersion: '1',
      };
    });
  return { client, calls };
}

/** The reads of an observation of each gateway. */
async function sweep(bulk: BulkReads, client: DefaultKubernetesClient) {
  const reader = bulk.of(client);
  const seen = await Promise.all(
    ['one', 'two'].flatMap(namespace =>
      ['a', 'b', 'missing'].map(async name => {
        const deployment = await reader.get('Deployment', namespace, name);
        await reader.get('ConfigMap', namespace, 'a');
        await reader.get('Secret', namespace, name);
        const { items } = await reader.list('Pod', namespace, {
          labelSelector: `app=${name}`,
        });
        return [
          deployment?.metadata.name,
          ...items.map(one => one.metadata.name),
        ].join(' ');
      }),
    ),
  );
  expect(seen).toEqual(['a a', 'b b', '', 'a a', 'b b', '']);
}

describe('BulkReads', () => {
  it('should list each namespace once for each kind, and read shared objects once', async () => {
    const { client, calls } = startCluster();
    await sweep(new BulkReads(), client);
    expect(calls.filter(call => call.startsWith('list')).sort()).toEqual([
      'list Deployment one all',
      'list Deployment two all',
      'list Pod one all',
      'list Pod two all',
    ]);
    expect(calls.filter(call => call.startsWith('get')).sort()).toEqual(
      ['one', 'two']
        .flatMap(namespace => [
          `get ConfigMap ${namespace}/a`,
          `get Secret ${namespace}/a`,
          `get Secret ${namespace}/b`,
          `get Secret ${namespace}/missing`,
        ])
        .sort(),
    );
  });

  it('should never list ConfigMaps or Secrets unless asked', async () => {
    const { client, calls } = startCluster();
    await sweep(new BulkReads(), client);
    expect(calls.join('\n')).not.toMatch(/list (ConfigMap|Secret)/);
  });

  it('should read one by one where a list is refused', async () => {
    const { client, calls } = startCluster([
      'list Deployment one all',
      'list Pod one all',
    ]);
    await sweep(new BulkReads(), client);
    expect(calls).toEqual(
      expect.arrayContaining([
        'get Deployment one/a',
        'get Deployment one/b',
        'list Pod one app=a',
        'list Pod one app=b',
      ]),
    );
    expect(calls).not.toContain('get Deployment two/a');
  });

  it('should keep clusters and sweeps separate', async () => {
    const first = startCluster();
    const second = startCluster();
    const bulk = new BulkReads();
    await sweep(bulk, first.client);
    await sweep(bulk, second.client);
    expect(second.calls).toHaveLength(first.calls.length);
    await sweep(new BulkReads(), first.client);
    expect(first.calls).toHaveLength(2 * second.calls.length);
  });

  it('should pass on other failures and the signal of the sweep, behind tasks', async () => {
    const { client } = startCluster();
    const list = jest
      .spyOn(client, 'list')
      .mockRejectedValue(new Error('no answer'));
    const { signal } = new AbortController();
    const reader = new BulkReads({ signal }).of(client);
    await expect(reader.get('Deployment', 'one', 'a')).rejects.toThrow(
      'no answer',
    );
    expect(list).toHaveBeenCalledWith(
      'Deployment',
      'one',
      {},
      {
        lane: 'reader',
        signal,
      },
    );
  });
});
