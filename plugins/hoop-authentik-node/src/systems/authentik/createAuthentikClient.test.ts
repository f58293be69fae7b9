import { SecretValue } from '../../core';
import { createAuthentikClient } from './createAuthentikClient';
import { TOKEN } from './__testUtils__/everyMethod';
import {
  RECORDED_VERSIONS,
  recorded,
  recordedBody,
} from './__testUtils__/fixtures';
import { startServer } from '../../http/__testUtils__/startServer';
import {
  useRecordedServer,
  type ListBody,
} from './__testUtils__/useRecordedServer';

describe.each(RECORDED_VERSIONS)('createAuthentikClient on %s', version => {
  const { server, client, answer } = useRecordedServer(version);

  it('should know its name, its base URL and its version', async () => {
    answer('noApplication');
    expect(client().name).toBe('main');
    expect(client().baseUrl).toBe(server().url);
    const versions = await Promise.all([
      client().getVersion(),
      client().getVersion(),
    ]);
    await client().getVersion();
    expect(new Set(versions)).toEqual(new Set([`${version}.0-rc1`]));
    expect(server().requests).toHaveLength(1);
  });

  it('should read the version again after a failure', async () => {
    server().respond(() => ({ status: 500 }));
    await expect(client().getVersion()).rejects.toThrow('server error');
    answer('noApplication');
    await expect(client().getVersion()).resolves.toBe(`${version}.0-rc1`);
  });

  it('should read who the token belongs to', async () => {
    answer('self');
    await expect(client().getSelf()).resolves.toEqual({
      pk: expect.any(Number),
      username: 'backstage',
      isSuperuser: false,
    });
  });

  it('should read a list to its end', async () => {
    const first = recordedBody<ListBody>(version, 'groups');
    const group = (n: number) => ({
      ...first.results[0],
      pk: `${n}`,
      name: `g${n}`,
    });
    server().respond(({ query }) => {
      const page = Number(query.get('page'));
      // The next page repeats the last group of a page, as it does when another group was created meanwhile.
      const start = (page - 1) * 99;
      return {
        status: 200,
        body: {
          pagination: { next: page < 3 ? page + 1 : 0 },
          results: Array.from({ length: 100 }, (_, n) => group(start + n)),
        },
      };
    });
    const groups = await client().listGroups();
    expect(groups.map(({ pk }) => Number(pk))).toEqual(
      Array.from({ length: 298 }, (_, n) => n),
    );
    expect(
      server().requests.map(({ query }) => [
        query.get('page'),
        query.get('page_size'),
      ]),
    ).toEqual([
      ['1', '100'],
      ['2', '100'],
      ['3', '100'],
    ]);
  });

  it('should end the list at a page that no longer exists', async () => {
    const body = recordedBody<ListBody>(version, 'groups');
    body.pagination.next = 2;
    server().respond(({ query }) =>
      query.get('page') === '1'
        ? { status: 200, body }
        : recorded(version, 'invalidPage'),
    );
    await expect(client().listGroups()).resolves.toHaveLength(
      body.results.length,
    );
  });

  it('should not read a list in a loop', async () => {
    const body = recordedBody<ListBody>(version, 'groups');
    body.pagination.next = 1;
    answer({ status: 200, body });
    await expect(client().listGroups()).rejects.toThrow(
      'the list names a page that it named before',
    );
  });

  it('should use one connection for consecutive requests', async () => {
    answer('application');
    for (let n = 0; n < 50; n++) {
      await client().getApplication('hoop');
    }
    expect(server().requests).toHaveLength(50);
    expect(server().sockets()).toBe(1);
  });
});

describe('createAuthentikClient', () => {
  it('should keep credentials in the base URL out of messages', async () => {
    const client = createAuthentikClient({
      name: 'main',
      baseUrl: 'http://user:pass-word@127.0.0.1:1/sub/',
      token: new SecretValue(TOKEN),
    });
    await expect(client.getSelf()).rejects.toThrow(
      /^authentik instance "main" \(http:\/\/127\.0\.0\.1:1\/sub\) cannot be reached/,
    );
    await client.close();
  });

  it('should only end the wait of the caller that aborts', async () => {
    const server = await startServer();
    server.respond((_, count) =>
      count === 1 ? 'hang' : recorded('2026.8', 'version'),
    );
    const client = createAuthentikClient({
      name: 'main',
      baseUrl: server.url,
      token: new SecretValue(TOKEN),
      timeoutMs: 200,
    });
    const controller = new AbortController();
    const aborted = client.getVersion({ signal: controller.signal });
    const other = client.getVersion();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(other).rejects.toThrow('did not answer within 0.2 s');
    await expect(client.getVersion()).resolves.toBe('2026.8.0-rc1');
    await client.close();
    await server.close();
  });
});
