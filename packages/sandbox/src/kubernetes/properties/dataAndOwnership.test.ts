import {
  base64,
  configMap,
  configMapsPath,
  KubernetesHarness,
  mergePatch,
  secret,
  secretsPath,
  StatusBody,
} from '../../testing/kubernetesHarness';
import { recordAt } from '../values';

let cluster: KubernetesHarness;

beforeAll(async () => {
  cluster = await KubernetesHarness.start();
});
afterAll(() => cluster.close());
beforeEach(() => cluster.reset());

const one = `${configMapsPath}/one`;

async function createOne(data: Record<string, string> = { A: '1' }) {
  const { body } = await cluster.call(
    'POST',
    configMapsPath,
    configMap('one', data),
  );
  return body.metadata.resourceVersion ?? '';
}

/** Who owns which key of the data. */
async function owners(): Promise<Record<string, string>> {
  const { managedFields = [] } = (await cluster.get(one)).body.metadata;
  return Object.fromEntries(
    managedFields.flatMap(({ manager, fieldsV1 }) =>
      Object.keys(recordAt(fieldsV1, 'f:data'))
        .filter(key => key !== '.')
        .map(key => [key.slice(2), manager]),
    ),
  );
}

describe('3. managedFields', () => {
  it('records every write as an update with its time', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    await createOne();
    await cluster.call(
      'PATCH',
      `${one}?fieldManager=editor`,
      { data: { B: '2' } },
      mergePatch,
    );
    const { managedFields = [] } = (await cluster.get(one)).body.metadata;
    // By time, and within a second by name.
    const byName = [...managedFields].sort((left, right) =>
      left.manager < right.manager ? -1 : 1,
    );
    expect(
      byName.map(({ manager, operation }) => [manager, operation]),
    ).toEqual([
      ['editor', 'Update'],
      ['harness', 'Update'],
    ]);
    for (const { time } of managedFields) {
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    }
    expect(byName.map(({ fieldsV1 }) => fieldsV1)).toEqual([
      { 'f:data': { 'f:B': {} } },
      { 'f:data': { '.': {}, 'f:A': {} } },
    ]);
  });

  it('gives a changed key to whoever changed it', async () => {
    await createOne({ A: '1', B: '2' });
    await cluster.call(
      'PATCH',
      `${one}?fieldManager=editor`,
      { data: { A: 'other' } },
      mergePatch,
    );
    expect(await owners()).toEqual({ A: 'editor', B: 'harness' });
  });

  it('keeps neither name nor time of who removed a key', async () => {
    await createOne({ A: '1', B: '2' });
    const before = (await cluster.get(one)).body.metadata.managedFields;
    await cluster.call(
      'PATCH',
      `${one}?fieldManager=editor`,
      { data: { A: null } },
      mergePatch,
    );
    const after = (await cluster.get(one)).body.metadata.managedFields;
    expect(await owners()).toEqual({ B: 'harness' });
    expect(after?.map(({ time }) => time)).toEqual(
      before?.map(({ time }) => time),
    );
  });
});

describe('4. ConfigMaps and Secrets', () => {
  const create = (object: unknown) =>
    cluster.call<StatusBody>('POST', secretsPath, object);

  it('decodes base64 strictly', async () => {
    const answer = await create(secret('s', { A: 'not base64!' }));
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain('illegal base64');
  });

  it('merges stringData over data and never shows it', async () => {
    const answer = await cluster.call('POST', secretsPath, {
      ...secret('s', { A: base64('a'), B: base64('b') }),
      stringData: { A: 'over' },
    });
    expect(answer.body.data).toEqual({ A: base64('over'), B: base64('b') });
    expect(answer.body).not.toHaveProperty('stringData');
    expect(answer.body.type).toBe('Opaque');
  });

  it('keeps the type', async () => {
    await create(secret('s'));
    const answer = await cluster.call(
      'PATCH',
      `${secretsPath}/s`,
      { type: 'other' },
      mergePatch,
    );
    expect(answer.status).toBe(422);
  });

  it('refuses to change an immutable object, but deletes it', async () => {
    await create({ ...secret('s', { A: base64('a') }), immutable: true });
    const path = `${secretsPath}/s`;
    const changed = await cluster.call(
      'PATCH',
      path,
      { data: { A: base64('b') } },
      mergePatch,
    );
    expect(changed.status).toBe(422);
    const thawed = await cluster.call(
      'PATCH',
      path,
      { immutable: false },
      mergePatch,
    );
    expect(thawed.status).toBe(422);
    const labelled = await cluster.call(
      'PATCH',
      path,
      { metadata: { labels: { a: 'b' } } },
      mergePatch,
    );
    expect(labelled.status).toBe(200);
    expect((await cluster.call('DELETE', path)).status).toBe(200);
  });

  it('checks keys and size', async () => {
    expect((await create(secret('s', { 'a b': base64('x') }))).status).toBe(
      422,
    );
    expect(
      (await create(secret('s', { ['k'.repeat(254)]: base64('x') }))).status,
    ).toBe(422);
    const mebibyte = 'x'.repeat(1024 * 1024);
    expect((await create(secret('s', { A: base64(mebibyte) }))).status).toBe(
      201,
    );
    expect(
      (await create(secret('t', { A: base64(`${mebibyte}x`) }))).status,
    ).toBe(422);
  });

  it('answers 400 to other than string values on create and 422 on patch', async () => {
    const created = await cluster.call(
      'POST',
      configMapsPath,
      configMap('one', { A: 1 }),
    );
    expect(created.status).toBe(400);
    await createOne();
    const patched = await cluster.call(
      'PATCH',
      one,
      { data: { A: true } },
      mergePatch,
    );
    expect(patched.status).toBe(422);
  });
});
