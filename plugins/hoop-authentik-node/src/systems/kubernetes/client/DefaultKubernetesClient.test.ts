import { inspect } from 'node:util';
import type { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { IDP_SECRET, status, TOKEN } from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { LoopbackServer, send } from '../__testUtils__/LoopbackServer';

const SPEC = { containers: [] };

describe('DefaultKubernetesClient', () => {
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

  describe('reading', () => {
    it('should get a whole object, with our credentials', async () => {
      server.answer(200, { ...IDP_SECRET, unknown: { kept: true } });
      expect(await client.get('Secret', 'hoop', 'idp')).toEqual({
        ...IDP_SECRET,
        unknown: { kept: true },
      });
      expect(server.last).toMatchObject({
        method: 'GET',
        path: '/api/v1/namespaces/hoop/secrets/idp',
        query: {},
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: 'application/json',
        },
      });
    });

    it('should return undefined only for a 404 of the API server', async () => {
      server.answer(
        404,
        status(404, 'NotFound', 'deployments.apps "x" not found'),
      );
      expect(await client.get('Deployment', 'hoop', 'x')).toBeUndefined();
      expect(server.last.path).toBe(
        '/apis/apps/v1/namespaces/hoop/deployments/x',
      );
      server.answer(404, '404 page not found');
      await expect(client.get('Deployment', 'hoop', 'x')).rejects.toThrow(
        /expected an answer from the Kubernetes API, found 404 with text\/plain/,
      );
    });

    it('should keep the path of the server', async () => {
      const behindProxy = clientOf(server, {}, {}, '/k8s/clusters/c-1');
      server.answer(200, IDP_SECRET);
      await behindProxy.get('Secret', 'hoop', 'idp');
      expect(server.last.path).toBe(
        '/k8s/clusters/c-1/api/v1/namespaces/hoop/secrets/idp',
      );
      await behindProxy.close();
    });

    it('should keep its connection for 50 consecutive requests', async () => {
      server.answer(200, IDP_SECRET);
      for (let i = 0; i < 50; i++) {
        await client.get('Secret', 'hoop', 'idp');
      }
      expect(server.requests).toHaveLength(50);
      // undici opens a second connection for a request before the first one is free again.
      expect(server.connections).toBeLessThanOrEqual(2);
    });

    it('should follow a list to its end and name the kind of its items', async () => {
      server.handler = ({ query }) =>
        query.continue === 'more'
          ? {
              kind: 'PodList',
              metadata: { resourceVersion: '9' },
              items: [{ metadata: { name: 'b' }, spec: SPEC }],
            }
          : {
              kind: 'PodList',
              metadata: { resourceVersion: '9', continue: 'more' },
              items: [{ metadata: { name: 'a' }, spec: SPEC }],
            };
      expect(
        await client.list('Pod', 'hoop', { labelSelector: 'app=hoopgateway' }),
      ).toEqual({
        resourceVersion: '9',
        items: [
          {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'a' },
            spec: SPEC,
          },
          {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'b' },
            spec: SPEC,
          },
        ],
      });
      expect(server.last.query).toEqual({
        labelSelector: 'app=hoopgateway',
        limit: '250',
        continue: 'more',
      });
    });

    it('should restart a list whose rest has expired', async () => {
      let pages = 0;
      server.handler = ({ query }, response) => {
        pages++;
        if (query.continue) {
          send(response, 410, status(410, 'Expired', 'token too old'));
          return undefined;
        }
        return {
          metadata: {
            resourceVersion: '9',
            continue: pages === 1 ? 'x' : undefined,
          },
          items: null,
        };
      };
      expect((await client.list('Pod', 'hoop', {})).items).toEqual([]);
      expect(pages).toBe(3);
    });

    it('should retry a read when the server is temporarily too busy', async () => {
      let calls = 0;
      server.handler = (_, response) => {
        if (++calls > 1) {
          return IDP_SECRET;
        }
        send(response, 429, status(429, 'TooManyRequests', 'slow down'), {
          'retry-after': '0',
        });
        return undefined;
      };
      await expect(client.get('Secret', 'hoop', 'idp')).resolves.toBeDefined();
      expect(calls).toBe(2);
    });

    it.each([
      '../secrets',
      'A',
      '',
      'a/b',
      '.',
      '..',
      'a..b',
      '-a',
      'x'.repeat(254),
    ])('should not put %j in a path', async name => {
      await expect(client.get('ConfigMap', 'hoop', name)).rejects.toThrow(
        /is not a valid name of a ConfigMap/,
      );
      await expect(client.get('ConfigMap', name, 'a')).rejects.toThrow(
        /is not a valid name of a namespace/,
      );
      expect(server.requests).toHaveLength(0);
    });
  });

  describe('writing', () => {
    it('should create under our field manager, with the kind', async () => {
      server.handler = ({ body }, response) => {
        send(response, 201, JSON.parse(body));
      };
      const { kind, ...untyped } = IDP_SECRET;
      await client.create('Secret', { ...untyped, kind: '' });
      expect(server.last).toMatchObject({
        method: 'POST',
        path: '/api/v1/namespaces/hoop/secrets',
        query: { fieldManager: 'backstage-hoop-authentik' },
        headers: { 'content-type': 'application/json' },
      });
      expect(JSON.parse(server.last.body)).toEqual({ ...IDP_SECRET, kind });
    });

    it.each([
      ['merge', 'application/merge-patch+json'],
      ['strategic', 'application/strategic-merge-patch+json'],
    ] as const)('should send a %s patch as %s', async (type, contentType) => {
      server.answer(200, IDP_SECRET);
      await client.patch(
        'Secret',
        'hoop',
        'idp',
        { type, body: { data: {} } },
        { dryRun: true },
      );
      expect(server.last).toMatchObject({
        method: 'PATCH',
        path: '/api/v1/namespaces/hoop/secrets/idp',
        query: { fieldManager: 'backstage-hoop-authentik', dryRun: 'All' },
        headers: { 'content-type': contentType },
        body: '{"data":{}}',
      });
    });

    it('should delete with a precondition, and accept an absent object', async () => {
      server.answer(200, { kind: 'Status', status: 'Success' });
      expect(
        await client.delete('Secret', 'hoop', 'idp', { resourceVersion: '7' }),
      ).toBe(true);
      expect(JSON.parse(server.last.body)).toEqual({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { resourceVersion: '7' },
      });
      server.answer(404, status(404, 'NotFound', 'secrets "idp" not found'));
      expect(await client.delete('Secret', 'hoop', 'idp')).toBe(false);
    });

    it('should repeat a write that a busy server did not carry out', async () => {
      server.handler = (_, response) => {
        if (server.requests.length === 1) {
          send(response, 429, 'too busy', { 'retry-after': '0' });
          return undefined;
        }
        return IDP_SECRET;
      };
      await client.delete('Secret', 'hoop', 'idp');
      expect(server.requests).toHaveLength(2);
    });

    it.each([500, 502, 503, 504])(
      'should not retry a write after %d',
      async code => {
        server.answer(code, 'no', { 'retry-after': '0' });
        await expect(
          client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: {} }),
        ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
        expect(server.requests).toHaveLength(1);
      },
    );
  });

  describe('logs and access', () => {
    it('should read the end of a log', async () => {
      server.answer(200, 'line 1\nline 2\n');
      const log = await client.getPodLog('hoop', 'p', {
        container: 'c',
        previous: true,
        tailLines: 5,
      });
      expect(log?.read()).toBe('line 1\nline 2\n');
      expect(`${log} ${inspect(log)}`).not.toContain('line');
      expect(server.last).toMatchObject({
        path: '/api/v1/namespaces/hoop/pods/p/log',
        query: {
          container: 'c',
          previous: 'true',
          tailLines: '5',
          limitBytes: '65536',
        },
      });
    });

    it.each([400, 403, 404])('should have no log after %d', async code => {
      server.answer(code, status(code, 'No', 'no'));
      expect(await client.getPodLog('hoop', 'p', {})).toBeUndefined();
    });

    it('should not return an HTML page of a proxy as a log', async () => {
      server.answer(200, '<html/>', { 'content-type': 'text/html' });
      expect(await client.getPodLog('hoop', 'p', {})).toBeUndefined();
      server.answer(500, status(500, 'InternalError', 'kubelet is gone'));
      await expect(client.getPodLog('hoop', 'p', {})).rejects.toThrow(
        /cannot get pods\/log "p".*kubelet is gone/,
      );
    });
  });
});
