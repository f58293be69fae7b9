import {
  applyPatch,
  base64,
  configMap,
  configMapsPath,
  KubernetesHarness,
  mergePatch,
  secret,
  secretsPath,
  StatusBody,
} from '../../testing/kubernetesHarness';

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

describe('3. server-side apply', () => {
  const apply = (data: Record<string, string>, query = 'fieldManager=alice') =>
    cluster.call<
      StatusBody & { data: unknown; metadata: { managedFields: unknown[] } }
    >('PATCH', `${one}?${query}`, configMap('one', data), applyPatch);

  it('creates with 201 and changes with 200', async () => {
    expect((await apply({ A: '1' })).status).toBe(201);
    expect((await apply({ A: '2' })).status).toBe(200);
  });

  it('reads YAML as well as JSON', async () => {
    const answer = await cluster.call(
      'PATCH',
      `${one}?fieldManager=a`,
      undefined,
      {
        ...applyPatch,
        raw: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {A: "1"}\n',
      },
    );
    expect(answer.body.data).toEqual({ A: '1' });
  });

  it('answers a conflict with the owner and the field, and force takes over', async () => {
    await createOne({ A: '1' });
    const refused = await apply({ A: '2' });
    expect(refused.status).toBe(409);
    expect(refused.body.details?.causes).toEqual([
      {
        reason: 'FieldManagerConflict',
        message: expect.stringMatching(/^conflict with "harness" using v1 at /),
        field: '.data.A',
      },
    ]);
    expect((await apply({ A: '1' })).status).toBe(200);
    expect(
      (await apply({ A: '2' }, 'fieldManager=alice&force=true')).body.data,
    ).toEqual({ A: '2' });
  });

  it('removes what its only owner leaves out', async () => {
    await apply({ A: '1', B: '2' });
    expect((await apply({ A: '1' })).body.data).toEqual({ A: '1' });
  });

  it('needs a manager, at most 128 characters long, and no managedFields in the body', async () => {
    expect((await apply({}, '')).status).toBe(422);
    expect((await apply({}, `fieldManager=${'x'.repeat(129)}`)).status).toBe(
      422,
    );
    const body = {
      ...configMap('one'),
      metadata: { name: 'one', managedFields: [{ manager: 'x' }] },
    };
    expect(
      (await cluster.call('PATCH', `${one}?fieldManager=a`, body, applyPatch))
        .status,
    ).toBe(400);
  });

  it('records every other write as an update with its time', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    await createOne();
    await cluster.call(
      'PATCH',
      `${one}?fieldManager=editor`,
      { data: { B: '2' } },
      mergePatch,
    );
    const { managedFields = [] } = (await cluster.get(one)).body.metadata;
    expect(
      managedFields.map(({ manager, operation }) => [manager, operation]),
    ).toEqual([
      ['harness', 'Update'],
      ['editor', 'Update'],
    ]);
    for (const { time } of managedFields) {
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    }
    expect(managedFields[1].fieldsV1).toEqual({ 'f:data': { 'f:B': {} } });
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
