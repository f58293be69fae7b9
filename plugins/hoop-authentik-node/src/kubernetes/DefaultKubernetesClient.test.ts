import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import type { ClusterConnection } from './clusterAccess';
import { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { KubernetesForbiddenError } from './errors';
import { everythingOf, failureOf } from './__testUtils__/failure';
import { fixture, fixtureData } from './__testUtils__/fixtures';
import { LoopbackServer, send } from './__testUtils__/LoopbackServer';
import type { Secret } from './types';

const TOKEN = 'bearer-token-9f8e7d';
const VALUE = 'hunter2-client-secret';
const ENCODED = Buffer.from(VALUE).toString('base64');

const secret: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'idp', namespace: 'hoop', resourceVersion: '7' },
  data: { IDP_CLIENT_SECRET: ENCODED },
};

function status(code: number, reason: string, message: string, details = {}) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message,
    details,
  };
}

describe('DefaultKubernetesClient', () => {
  let server: LoopbackServer;
  let client: DefaultKubernetesClient;

  beforeEach(async () => {
    server = await LoopbackServer.start();
    client = connect();
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  function connect(
    options: { timeoutMs?: number } = {},
    tls: ClusterConnection['tls'] = {},
    path = '',
  ): DefaultKubernetesClient {
    return new DefaultKubernetesClient(
      {
        server: server.url + path,
        tls: { ca: fixture('ca.crt'), ...tls },
        headers: async () => ({ authorization: `Bearer ${TOKEN}` }),
      },
      options,
    );
  }

  describe('reading', () => {
    it('should get an object whole, with our credentials', async () => {
      server.answer(200, { ...secret, unknown: { kept: true } });
      expect(await client.get('Secret', 'hoop', 'idp')).toEqual({
        ...secret,
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

    it('should find nothing where the API server says so, and only then', async () => {
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
        /expected an answer of the Kubernetes API, found 404 with text\/plain/,
      );
    });

    it('should keep the path of the server', async () => {
      const behindProxy = connect({}, {}, '/k8s/clusters/c-1');
      server.answer(200, secret);
      await behindProxy.get('Secret', 'hoop', 'idp');
      expect(server.last.path).toBe(
        '/k8s/clusters/c-1/api/v1/namespaces/hoop/secrets/idp',
      );
      await behindProxy.close();
    });

    it('should keep its connection for 50 requests in a row', async () => {
      server.answer(200, secret);
      for (let i = 0; i < 50; i++) {
        await client.get('Secret', 'hoop', 'idp');
      }
      expect(server.requests).toHaveLength(50);
      // undici opens a second one when a request comes before the first connection is marked as free again.
      expect(server.connections).toBeLessThanOrEqual(2);
    });

    it('should follow a list to its end and name the kind of its items', async () => {
      server.handler = ({ query }) =>
        query.continue === 'more'
          ? {
              kind: 'PodList',
              metadata: { resourceVersion: '9' },
              items: [{ metadata: { name: 'b' } }],
            }
          : {
              kind: 'PodList',
              metadata: { resourceVersion: '9', continue: 'more' },
              items: [{ metadata: { name: 'a' } }],
            };
      expect(
        await client.list('Pod', 'hoop', { labelSelector: 'app=hoopgateway' }),
      ).toEqual({
        resourceVersion: '9',
        items: [
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
          { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } },
        ],
      });
      expect(server.last.query).toEqual({
        labelSelector: 'app=hoopgateway',
        limit: '500',
        continue: 'more',
      });
    });

    it('should list anew when the rest of a list has expired', async () => {
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

    it('should repeat a read when the server is too busy for a moment', async () => {
      let calls = 0;
      server.handler = (_, response) => {
        if (++calls > 1) {
          return secret;
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
        /is not a name for a ConfigMap/,
      );
      await expect(client.get('ConfigMap', name, 'a')).rejects.toThrow(
        /is not a name for a namespace/,
      );
      expect(server.requests).toHaveLength(0);
    });
  });

  describe('writing', () => {
    it('should create under our field manager, with the kind', async () => {
      server.handler = ({ body }, response) => {
        send(response, 201, JSON.parse(body));
      };
      const { kind, ...untyped } = secret;
      await client.create('Secret', { ...untyped, kind: '' });
      expect(server.last).toMatchObject({
        method: 'POST',
        path: '/api/v1/namespaces/hoop/secrets',
        query: { fieldManager: 'backstage-hoop-authentik' },
        headers: { 'content-type': 'application/json' },
      });
      expect(JSON.parse(server.last.body)).toEqual({ ...secret, kind });
    });

    it.each([
      ['merge', 'application/merge-patch+json'],
      ['strategic', 'application/strategic-merge-patch+json'],
      ['json', 'application/json-patch+json'],
    ] as const)('should send a %s patch as %s', async (type, contentType) => {
      server.answer(200, secret);
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

    it('should delete with a precondition, and take an absent object as done', async () => {
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

    it.each([429, 500, 502, 503, 504])(
      'should not repeat a write after %d',
      async code => {
        server.answer(code, 'no', { 'retry-after': '0' });
        await expect(
          client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: {} }),
        ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
        expect(server.requests).toHaveLength(1);
      },
    );
  });

  describe('refusals', () => {
    const patch = () =>
      client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: secret });

    it.each<[number, object | string, string, RegExp]>([
      [
        400,
        status(
          400,
          'BadRequest',
          'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
        ),
        'InputError',
        /cannot patch secrets "idp" in namespace "hoop" \(https:.*illegal base64 data/,
      ],
      [
        401,
        status(401, 'Unauthorized', 'Unauthorized'),
        'ServiceUnavailableError',
        /does not accept the configured credentials/,
      ],
      [
        404,
        status(404, 'NotFound', 'secrets "idp" not found'),
        'NotFoundError',
        /secrets "idp" not found/,
      ],
      [
        409,
        status(
          409,
          'Conflict',
          'Operation cannot be fulfilled on secrets "idp": the object has been modified',
        ),
        'ConflictError',
        /has been modified/,
      ],
      [
        410,
        status(410, 'Expired', 'too old resource version: 1 (9)'),
        'ConflictError',
        /expired/,
      ],
      [
        413,
        status(413, 'RequestEntityTooLarge', 'limit is 3145728'),
        'InputError',
        /limit is/,
      ],
      [
        415,
        status(415, 'UnsupportedMediaType', 'use one of'),
        'ServiceUnavailableError',
        /answered 415/,
      ],
      [
        422,
        status(422, 'Invalid', 'Secret "idp" is invalid', {
          causes: [
            {
              reason: 'FieldValueForbidden',
              message: 'Forbidden: field is immutable when `immutable` is set',
              field: 'data',
            },
          ],
        }),
        'InputError',
        /data: Forbidden: field is immutable/,
      ],
      [
        429,
        status(429, 'TooManyRequests', 'slow down'),
        'ServiceUnavailableError',
        /too busy \(slow down\)/,
      ],
      [
        500,
        status(500, 'InternalError', 'etcd is ill'),
        'ServiceUnavailableError',
        /answered 500 etcd is ill/,
      ],
      [
        503,
        'upstream connect error',
        'ServiceUnavailableError',
        /found 503 with text\/plain/,
      ],
      [
        404,
        '404 page not found',
        'ServiceUnavailableError',
        /found 404 with text\/plain/,
      ],
      [302, '', 'ServiceUnavailableError', /found 302/],
      [200, 'ok', 'ServiceUnavailableError', /found 200 with text\/plain/],
      [
        200,
        { kind: 'List', items: [] },
        'ServiceUnavailableError',
        /expected a Secret, found other JSON/,
      ],
    ])('should turn %d %j into a %s', async (code, body, name, message) => {
      server.answer(code, body);
      const error = await failureOf(patch());
      expect(error.name).toBe(name);
      expect(error.message).toMatch(message);
      expect(error).not.toHaveProperty('status');
      expect(error).not.toHaveProperty('statusCode');
      expect(error).not.toHaveProperty('code');
    });

    it('should not quote the page of a proxy', async () => {
      server.answer(502, '<html>bad gateway</html>', {
        'content-type': 'text/html; charset=utf-8',
      });
      const error = await failureOf(patch());
      expect(error.message).toMatch(/found 502 with text\/html$/);
    });

    it('should name the verb and the resource that RBAC refuses', async () => {
      const said =
        'secrets "idp" is forbidden: User "system:serviceaccount:portal:backstage" cannot patch resource "secrets"';
      server.answer(403, status(403, 'Forbidden', said));
      const error = await failureOf(patch());
      expect(KubernetesForbiddenError.is(error)).toBe(true);
      expect(KubernetesForbiddenError.is(new Error('x'))).toBe(false);
      expect(error).toMatchObject({
        name: 'ServiceUnavailableError',
        verb: 'patch',
        resource: 'secrets',
        namespace: 'hoop',
        objectName: 'idp',
      });
      expect(error.message).toContain(said);
      server.answer(403, '<html/>', { 'content-type': 'text/html' });
      expect(KubernetesForbiddenError.is(await failureOf(patch()))).toBe(true);
    });

    it('should show no value and no token, whatever the server quotes', async () => {
      const quoted = [
        `Secret "idp" is invalid: data[X]: Invalid value: "${VALUE}": no`,
        `error decoding patch: ... error found in #10 byte of ...|"${ENCODED}"}|..., bigger context ...|{"data":{"X":"${ENCODED}"|...`,
        `admission webhook "policy" denied the request: ${VALUE} / ${ENCODED}`,
      ];
      for (const code of [400, 403, 409, 422, 429, 500]) {
        for (const text of quoted) {
          server.answer(
            code,
            status(code, 'Bad', text, {
              causes: [
                {
                  field: 'data[X]',
                  reason: 'FieldValueInvalid',
                  message: text,
                },
              ],
            }),
          );
          const printed = everythingOf(await failureOf(patch()));
          expect(printed).not.toContain(VALUE);
          expect(printed).not.toContain(ENCODED);
          expect(printed).not.toContain(TOKEN);
        }
      }
      server.answer(200, `{"data": "${VALUE}`, {
        'content-type': 'application/json',
      });
      expect(
        everythingOf(await failureOf(client.get('Secret', 'hoop', 'idp'))),
      ).not.toContain(VALUE);
      expect(everythingOf(client)).not.toContain(TOKEN);
    });

    it('should show no piece of a value, and let the server begin no line of a log', async () => {
      const forged = `denied: ${VALUE.slice(0, 18)}… ${ENCODED.slice(
        2,
        20,
      )}\n2026-01-01 info: all is well\u001b[2J`;
      server.answer(403, status(403, 'Forbidden', forged));
      const { message } = await failureOf(patch());
      expect(message).toMatch(
        /: denied: <value>… .{0,4}<value>.{0,4} 2026-01-01 info: all is well$/,
      );
    });

    it('should not quote the environment of a refused Deployment', async () => {
      const message = `Deployment.apps "g" is invalid: spec.template.spec.containers[0].env[0].valueFrom: Invalid value: core.EnvVar{Name:"X", Value:"abc"}: may not be specified when \`value\` is not empty`;
      server.answer(422, status(422, 'Invalid', message));
      const error = await failureOf(
        client.patch('Deployment', 'hoop', 'g', {
          type: 'strategic',
          body: {},
        }),
      );
      expect(error.message).not.toContain('abc');
      expect(error.message).toContain('may not be specified when');
    });
  });

  describe('connections', () => {
    it('should say that nothing listens', async () => {
      const { url } = server;
      await server.stop();
      const error = await failureOf(client.get('Pod', 'hoop', 'p'));
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(
        new RegExp(`Kubernetes \\(${url}\\) cannot be reached: .*ECONNREFUSED`),
      );
      expect(everythingOf(error)).not.toContain(TOKEN);
      server = await LoopbackServer.start();
    });

    it('should not trust a server that another authority signed', async () => {
      const stranger = connect({}, { ca: fixture('client.crt') });
      await expect(stranger.get('Pod', 'hoop', 'p')).rejects.toThrow(
        /certificate/,
      );
      expect(server.requests).toHaveLength(0);
      await stranger.close();
    });

    it('should verify the name it is told to expect', async () => {
      const named = connect({}, { servername: 'kubernetes.default.svc' });
      server.answer(200, secret);
      await named.get('Secret', 'hoop', 'idp');
      await named.close();
      const misnamed = connect({}, { servername: 'other.example' });
      await expect(misnamed.get('Secret', 'hoop', 'idp')).rejects.toThrow(
        /altnames/,
      );
      await misnamed.close();
    });

    it('should present a client certificate', async () => {
      const certified = connect(
        {},
        { cert: fixture('client.crt'), key: fixture('client.key') },
      );
      server.answer(200, secret);
      await certified.get('Secret', 'hoop', 'idp');
      expect(server.last.clientName).toBe('Test client');
      await certified.close();
    });

    it('should give up on a server that does not answer', async () => {
      const hasty = connect({ timeoutMs: 100 });
      const error = await failureOf(hasty.get('Pod', 'hoop', 'p'));
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(
        /no answer within the deadline|TimeoutError/,
      );
      server.breakOff();
      await hasty.close();
    });

    it('should end with the reason of the caller when it aborts', async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 50);
      await expect(
        client.get('Pod', 'hoop', 'p', { signal: controller.signal }),
      ).rejects.toBe(reason);
    });

    it('should hand on why the credentials cannot be read', async () => {
      const broken = new DefaultKubernetesClient({
        server: server.url,
        tls: {},
        headers: async () => {
          throw new Error('the tokenFile /x cannot be read');
        },
      });
      await expect(broken.get('Pod', 'hoop', 'p')).rejects.toThrow(
        /^the tokenFile \/x cannot be read$/,
      );
      await broken.close();
    });
  });

  it('should connect by a kubeconfig', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const path = join(directory, 'config');
    await writeFile(
      path,
      JSON.stringify({
        'current-context': 'test',
        contexts: [
          { name: 'test', context: { cluster: 'test', user: 'test' } },
        ],
        clusters: [
          {
            name: 'test',
            cluster: {
              server: server.url,
              'certificate-authority-data': fixtureData('ca.crt'),
            },
          },
        ],
        users: [{ name: 'test', user: { token: TOKEN } }],
      }),
    );
    const configured = await DefaultKubernetesClient.create({
      cluster: { kubeconfig: path },
    });
    await rm(directory, { recursive: true });
    expect(configured.server).toBe(server.url);
    server.answer(200, secret);
    await configured.get('Secret', 'hoop', 'idp');
    expect(server.last.headers.authorization).toBe(`Bearer ${TOKEN}`);
    await configured.close();
  });

  it('should reach a cluster by its name, trusting the authority given there', async () => {
    const cluster = { name: 'production', url: server.url };
    const create = (more: object) =>
      DefaultKubernetesClient.create({
        cluster: { name: 'production' },
        rootConfig: new ConfigReader({
          kubernetes: {
            clusterLocatorMethods: [
              {
                type: 'config',
                clusters: [
                  {
                    ...cluster,
                    authProvider: 'serviceAccount',
                    serviceAccountToken: TOKEN,
                    ...more,
                  },
                ],
              },
            ],
          },
        }),
      });
    for (const more of [
      { caData: fixtureData('ca.crt') },
      { skipTLSVerify: true },
    ]) {
      const named = await create(more);
      server.answer(200, secret);
      await named.get('Secret', 'hoop', 'idp');
      expect(server.last.headers.authorization).toBe(`Bearer ${TOKEN}`);
      await named.close();
    }
    const untrusting = await create({});
    const error = await failureOf(untrusting.get('Secret', 'hoop', 'idp'));
    expect(error.name).toBe('ServiceUnavailableError');
    expect(everythingOf(error)).not.toContain(TOKEN);
    await untrusting.close();
  });

  it('should pass other failures of a deletion and a listing on', async () => {
    server.answer(409, status(409, 'Conflict', 'the precondition failed'));
    await expect(
      client.delete('Secret', 'hoop', 'idp', { resourceVersion: '1' }),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    server.answer(403, status(403, 'Forbidden', 'pods is forbidden'));
    expect(
      KubernetesForbiddenError.is(
        await failureOf(client.list('Pod', 'hoop', {})),
      ),
    ).toBe(true);
  });

  describe('logs and access', () => {
    it('should read the end of a log', async () => {
      server.answer(200, 'line 1\nline 2\n');
      expect(
        await client.getPodLog('hoop', 'p', {
          container: 'c',
          previous: true,
          tailLines: 5,
        }),
      ).toBe('line 1\nline 2\n');
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

    it('should not take the page of a proxy for a log', async () => {
      server.answer(200, '<html/>', { 'content-type': 'text/html' });
      expect(await client.getPodLog('hoop', 'p', {})).toBeUndefined();
      server.answer(500, status(500, 'InternalError', 'kubelet is gone'));
      await expect(client.getPodLog('hoop', 'p', {})).rejects.toThrow(
        /cannot get pods\/log "p".*kubelet is gone/,
      );
    });

    it.each([true, false])('should ask what it may do: %s', async allowed => {
      server.answer(201, {
        kind: 'SelfSubjectAccessReview',
        status: { allowed },
      });
      const access = {
        verb: 'patch',
        resource: 'secrets',
        namespace: 'hoop',
        name: 'idp',
      };
      expect(await client.canI(access)).toBe(allowed);
      expect(JSON.parse(server.last.body)).toEqual({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: access },
      });
    });
  });
});
