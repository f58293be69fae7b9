import { APPLICATION_PK } from './__testUtils__/everyMethod';
import { RECORDED_VERSIONS, recordedBody } from './__testUtils__/fixtures';
import {
  useRecordedServer,
  type ListBody,
} from './__testUtils__/useRecordedServer';

describe.each(RECORDED_VERSIONS)('Bindings on %s', version => {
  const { server, client, answer, lastRequest } = useRecordedServer(version);

  it('should list bindings by order and check the target again', async () => {
    const body = recordedBody<ListBody>(version, 'bindings');
    const target = body.results[0].target as string;
    body.results.reverse();
    answer({ status: 200, body });
    const bindings = await client().listBindings(target);
    expect(bindings.map(({ order }) => order)).toEqual([0, 1]);
    expect(bindings[0]).toEqual({
      pk: expect.any(String),
      target,
      policy: undefined,
      group: expect.any(String),
      groupName: 'engineering',
      user: undefined,
      order: 0,
      enabled: true,
      negate: false,
      timeout: 30,
      failureResult: false,
    });
    expect(lastRequest().query.get('target')).toBe(target);
    await expect(client().listBindings('another')).resolves.toEqual([]);
    await expect(client().listAllBindings()).resolves.toHaveLength(2);
    expect(lastRequest().query.has('target')).toBe(false);
  });

  it('should read when a binding ends, and send it with every change', async () => {
    const body = recordedBody<ListBody>(version, 'bindings');
    const [first, second] = body.results;
    const expires = '2026-12-01T00:00:00Z';
    Object.assign(first, { expiring: true, expires });
    // Of one that does not end, a date means nothing.
    Object.assign(second, { expiring: false, expires });
    answer({ status: 200, body });
    const [ending, staying] = await client().listBindings(
      first.target as string,
    );
    expect(ending.expires).toBe(expires);
    expect(staying).not.toHaveProperty('expires');
    answer('createdBinding');
    for (const one of [ending, staying]) {
      await client().updateBinding(one.pk, one.target, one);
      const sent = lastRequest().body as object;
      expect('expires' in sent).toBe(one === ending);
      expect('expiring' in sent).toBe(one === ending);
    }
    await client().createBinding('t', { group: 'g', order: 0, expires });
    expect(lastRequest().body).toMatchObject({ expires, expiring: true });
  });

  it('should send a binding with target, all subjects and order', async () => {
    answer('createdBinding');
    await client().createBinding(APPLICATION_PK, { group: 'g', order: 0 });
    expect(lastRequest().body).toEqual({
      target: APPLICATION_PK,
      policy: null,
      group: 'g',
      user: null,
      order: 0,
    });
    await client().updateBinding('b', APPLICATION_PK, {
      user: 4,
      order: 2,
      enabled: false,
      failureResult: true,
    });
    expect(lastRequest()).toMatchObject({
      method: 'PATCH',
      path: '/api/v3/policies/bindings/b/',
    });
    expect(lastRequest().body).toEqual({
      target: APPLICATION_PK,
      policy: null,
      group: null,
      user: 4,
      order: 2,
      enabled: false,
      failure_result: true,
    });
    await client().updateBinding('b', APPLICATION_PK, {
      policy: 'p',
      order: 1,
    });
    expect(lastRequest().body).toEqual({
      target: APPLICATION_PK,
      policy: 'p',
      group: null,
      user: null,
      order: 1,
    });
    const sent = server().requests.length;
    for (const subjects of [{}, { group: 'g', user: 4 }]) {
      await expect(
        client().updateBinding('b', APPLICATION_PK, { ...subjects, order: 0 }),
      ).rejects.toMatchObject({ name: 'InputError' });
    }
    expect(server().requests).toHaveLength(sent);
  });
});
