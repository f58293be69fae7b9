import type { ServerResponse } from 'node:http';
import type { DefaultKubernetesClient } from './DefaultKubernetesClient';
import {
  IDP_SECRET,
  IDP_SECRET_VALUE,
  status,
  TOKEN,
} from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { everythingOf, failureOf } from '../__testUtils__/failure';
import { LoopbackServer, send } from '../__testUtils__/LoopbackServer';

const HTML = { 'content-type': 'text/html' };

describe('DefaultKubernetesClient and a hostile server', () => {
  let server: LoopbackServer;
  let client: DefaultKubernetesClient;

  beforeEach(async () => {
    server = await LoopbackServer.start();
    client = clientOf(server);
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  it('should not follow a list that never ends', async () => {
    const items = [{ metadata: { name: 'a' }, spec: { containers: [] } }];
    let count = 0;
    server.handler = () => ({ items, metadata: { continue: `${++count}` } });
    await expect(client.list('Pod', 'hoop', {})).rejects.toThrow(
      /cannot list pods in namespace "hoop" .*: the list does not end after 200 pages/,
    );
    expect(server.requests).toHaveLength(200);
    server.handler = () => ({ items, metadata: { continue: 'same' } });
    await expect(client.list('Pod', 'hoop', {})).rejects.toThrow(
      /names a page that it named before/,
    );
  });

  it.each<[string, unknown, RegExp]>([
    ['no spec', { metadata: { name: 'g' } }, /: spec \(/],
    [
      'no selector',
      {
        metadata: { name: 'g' },
        spec: { template: { spec: { containers: [] } } },
      },
      /: spec\.selector \(/,
    ],
    ['another type', { metadata: { name: 'g' }, spec: 'x' }, /: spec \(/],
    ['no name', { metadata: {}, spec: {} }, /: metadata\.name \(/],
    ['no metadata', {}, /: metadata \(/],
  ])(
    'should name the field of a Deployment with %s',
    async (_, body, field) => {
      server.handler = () => ({ kind: 'Deployment', ...(body as object) });
      const error = await failureOf(client.get('Deployment', 'hoop', 'g'));
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(
        /^cannot get deployments "g" in namespace "hoop" .*unexpected response format/,
      );
      expect(error.message).toMatch(field);
    },
  );

  it.each([
    [{ items: 'x' }, /items \(/],
    [status(200, '', ''), /items \(/],
    [{ items: [5] }, /items\.0 \(/],
    [{ items: [], metadata: 'x' }, /metadata \(/],
    [[], /the body \(/],
  ])('should name the field of a list %j', async (body, field) => {
    server.handler = () => body as object;
    await expect(client.list('Pod', 'hoop', {})).rejects.toThrow(field);
  });

  it('should accept null where Kubernetes may answer it', async () => {
    server.handler = () => ({
      kind: 'Pod',
      metadata: { name: 'p', labels: null, creationTimestamp: null },
      spec: { containers: [{ name: 'c', env: null, more: 1 }], more: null },
      status: null,
    });
    expect(await client.get('Pod', 'hoop', 'p')).toEqual({
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', more: 1 }], more: null },
    });
    server.handler = () => ({ kind: 'PodList', items: null });
    expect(await client.list('Pod', 'hoop', {})).toMatchObject({ items: [] });
  });

  it.each<[string, (code: number) => object | string]>([
    ['in a Status', code => status(code, 'Bad', `got Bearer ${TOKEN}`)],
    ['as text', () => `authorization: Bearer ${TOKEN}`],
    ['in a reason', code => status(code, `Bearer ${TOKEN}`, '')],
  ])('should not show its own credentials echoed %s', async (_, bodyOf) => {
    for (const code of [200, 400, 401, 403, 404, 409, 418, 422, 429, 500]) {
      server.answer(code, bodyOf(code), { 'retry-after': '60' });
      // A client to which something was granted before asks again for a while after a 403.
      await client.close();
      client = clientOf(server);
      const errors = await Promise.all(
        [
          client.get('Pod', 'hoop', 'p'),
          client.list('Pod', 'hoop', {}),
          client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: {} }),
          client.delete('Secret', 'hoop', 'idp'),
          client.watch('Pod', 'hoop', {})[Symbol.asyncIterator]().next(),
        ].map(call => call.catch((error: Error) => error)),
      );
      expect(errors.map(everythingOf).join()).not.toContain(TOKEN);
    }
  });

  it('should find out whether an object is gone where a page answers its deletion', async () => {
    let exists = true;
    server.handler = ({ method }, response) => {
      if (method === 'DELETE') {
        send(response, 200, '<form>Log in</form>', HTML);
        return undefined;
      }
      if (!exists) {
        send(response, 404, status(404, 'NotFound', 'not found'));
      }
      return exists ? IDP_SECRET : undefined;
    };
    await expect(client.delete('Secret', 'hoop', 'idp')).rejects.toThrow(
      /cannot delete secrets "idp" .*found 200 with text\/html/,
    );
    exists = false;
    expect(await client.delete('Secret', 'hoop', 'idp')).toBe(true);
    server.answer(202, IDP_SECRET);
    expect(await client.delete('Secret', 'hoop', 'idp')).toBe(true);
  });

  it('should report where a redirect leads', async () => {
    server.answer(302, '', { location: 'https://login.company/?x=y' });
    await expect(client.get('Pod', 'hoop', 'p')).rejects.toThrow(
      /found 302, a redirect to https:\/\/login\.company\/$/,
    );
  });

  describe('watching', () => {
    async function watchOf(
      write: (response: ServerResponse) => void,
    ): Promise<Error> {
      server.handler = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        write(response);
      };
      const events = client.watch('Deployment', 'hoop', {
        fieldSelector: 'metadata.name=g',
      });
      return failureOf(
        (async () => {
          for await (const event of events) {
            expect(event.type).toBe('BOOKMARK');
          }
        })(),
      );
    }

    const line = (type: unknown, object: unknown) =>
      `${JSON.stringify({ type, object })}\n`;
    const complete = (name: string, namespace?: string) => ({
      metadata: { name, namespace },
      spec: {
        selector: {},
        template: { spec: { containers: [] } },
      },
    });

    it.each<[string, string, RegExp]>([
      ['no event', line('NEWS', {}), /an event: .*: type \(/],
      ['no object', '{"type":"ADDED"}\n', /an event: .*: object \(/],
      ['no spec', line('ADDED', { metadata: { name: 'g' } }), /: spec \(/],
      ['a text', line('ADDED', 'x'), /: the body \(/],
      ['another name', line('ADDED', complete('other')), /another object/],
      [
        'another namespace',
        line('ADDED', complete('g', 'x')),
        /another object/,
      ],
      ['an odd bookmark', line('BOOKMARK', 5), /a bookmark: .*: the body \(/],
      ['deep JSON', `${'['.repeat(5_000)}\n{}\n`, /not an event/],
    ])('should refuse %s', async (_, text, message) => {
      const error = await watchOf(response => response.end(text));
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(/^cannot watch deployments/);
      expect(error.message).toMatch(message);
    });

    it('should accept a bookmark without a name, and read no endless line', async () => {
      const error = await watchOf(response => {
        response.write(
          line('BOOKMARK', { metadata: { resourceVersion: '5' } }),
        );
        const more = () => {
          while (!response.destroyed) {
            if (!response.write('x'.repeat(64 * 1024))) {
              response.once('drain', more);
              return;
            }
          }
        };
        more();
      });
      expect(error.message).toMatch(/a line of more than 1 MB$/);
    });

    it('should not show its own credentials in an error event', async () => {
      const error = await watchOf(response =>
        response.end(line('ERROR', status(500, 'Bad', `Bearer ${TOKEN}`))),
      );
      expect(everythingOf(error)).not.toContain(TOKEN);
      expect(error.message).toContain('withheld');
      expect(everythingOf(error)).not.toContain(IDP_SECRET_VALUE);
    });
  });
});
