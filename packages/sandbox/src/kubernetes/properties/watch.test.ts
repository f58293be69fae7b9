import {
  configMap,
  configMapsPath,
  KubernetesHarness,
  ListBody,
  mergePatch,
  WatchEvent,
} from '../../testing/kubernetesHarness';
import { KubeObject } from '../types';

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start({
    bookmarkIntervalMs: 50,
    historyLimit: 50,
  });
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

function create(name: string, labels?: Record<string, string>) {
  return cluster.call('POST', configMapsPath, {
    ...configMap(name, { A: '1' }),
    metadata: { name, labels },
  });
}

function change(name: string, patch: unknown) {
  return cluster.call('PATCH', `${configMapsPath}/${name}`, patch, mergePatch);
}

function summary(events: WatchEvent[]): string[] {
  return events.map(
    ({ type, object }) => `${type} ${object.metadata?.name ?? object.code}`,
  );
}

function currentVersion(): Promise<string> {
  return cluster
    .get<ListBody<KubeObject>>(configMapsPath)
    .then(answer => answer.body.metadata.resourceVersion);
}

describe('8. watch', () => {
  it('starts with what is there when no version is given', async () => {
    await create('one');
    const events = await cluster.watch(
      `${configMapsPath}?watch=true`,
      seen => seen.length === 4,
      async () => {
        await create('two');
        await change('one', { data: { A: '2' } });
        await cluster.call('DELETE', `${configMapsPath}/two`);
      },
    );
    expect(summary(events)).toEqual([
      'ADDED one',
      'ADDED two',
      'MODIFIED one',
      'DELETED two',
    ]);
  });

  it('resumes after a version, without losing or repeating anything', async () => {
    await create('one');
    const version = await currentVersion();
    await change('one', { data: { A: '2' } });
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&resourceVersion=${version}`,
      seen => seen.length === 2,
      () => change('one', { data: { A: '3' } }),
    );
    expect(events.map(({ object }) => object.data)).toEqual([
      { A: '2' },
      { A: '3' },
    ]);
  });

  it('answers ERROR 410 to a version of the forgotten past', async () => {
    const version = await currentVersion();
    await create('one');
    cluster.kubernetes.compact();
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&resourceVersion=${version}`,
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
  });

  it('forgets the oldest changes when there are many', async () => {
    const version = await currentVersion();
    await create('one');
    for (let index = 0; index < 60; index += 1) {
      await change('one', { data: { A: `n${index}` } });
    }
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&resourceVersion=${version}`,
    );
    expect(summary(events)).toEqual(['ERROR 410']);
  });

  it('closes after timeoutSeconds, with a last bookmark where asked for', async () => {
    const startedAt = Date.now();
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true`,
    );
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(950);
    const last = events[events.length - 1];
    expect(last.type).toBe('BOOKMARK');
    expect(last.object.metadata.resourceVersion).toBe(await currentVersion());
    expect(events.length).toBeGreaterThan(5);
  });

  it('sends no bookmark unasked', async () => {
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&timeoutSeconds=1`,
    );
    expect(events).toEqual([]);
  });

  it('shows one object when the selector names it', async () => {
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&fieldSelector=metadata.name=two`,
      seen => seen.length === 1,
      async () => {
        await create('one');
        await create('two');
      },
    );
    expect(summary(events)).toEqual(['ADDED two']);
  });

  it('turns a change of labels into ADDED and DELETED for a selector', async () => {
    await create('one', { app: 'x' });
    const events = await cluster.watch(
      `${configMapsPath}?watch=true&labelSelector=app=y`,
      seen => seen.length === 2,
      async () => {
        await change('one', { metadata: { labels: { app: 'y' } } });
        await change('one', { metadata: { labels: { app: 'z' } } });
      },
    );
    expect(summary(events)).toEqual(['ADDED one', 'DELETED one']);
  });
});

describe('8. list', () => {
  const names = (answer: { body: ListBody<KubeObject> }) =>
    answer.body.items.map(item => item.metadata.name);

  it('pages with limit and continue over the state at the first page', async () => {
    await create('a');
    await create('b');
    await create('c');
    const first = await cluster.get<ListBody<KubeObject>>(
      `${configMapsPath}?limit=2`,
    );
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(1);
    await create('bb');
    const second = await cluster.get<ListBody<KubeObject>>(
      `${configMapsPath}?limit=2&continue=${first.body.metadata.continue}`,
    );
    expect(names(second)).toEqual(['c']);
    expect(second.body.metadata).not.toHaveProperty('continue');
  });

  it('answers 410 to a page of the forgotten past', async () => {
    await create('a');
    await create('b');
    const first = await cluster.get<ListBody<KubeObject>>(
      `${configMapsPath}?limit=1`,
    );
    await create('c');
    cluster.kubernetes.compact();
    const second = await cluster.get(
      `${configMapsPath}?limit=1&continue=${first.body.metadata.continue}`,
    );
    expect(second.status).toBe(410);
    expect(second.body).toMatchObject({ reason: 'Expired' });
  });

  it.each([
    ['app=x', ['a']],
    ['app!=x', ['b', 'c']],
    ['app in (x, y)', ['a', 'b']],
    ['app notin (x)', ['b', 'c']],
    ['app', ['a', 'b']],
    ['!app', ['c']],
    ['app=y,tier=front', ['b']],
  ])('selects by labels: %s', async (selector, expected) => {
    await create('a', { app: 'x' });
    await create('b', { app: 'y', tier: 'front' });
    await create('c');
    const answer = await cluster.get<ListBody<KubeObject>>(
      `${configMapsPath}?labelSelector=${encodeURIComponent(selector)}`,
    );
    expect(names(answer)).toEqual(expected);
  });
});
