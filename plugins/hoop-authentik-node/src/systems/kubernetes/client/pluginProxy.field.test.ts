import {
  failureOf as failureNoteOf,
  mayBeCarriedOut,
} from '../../../core/failure';
import { connectThroughPlugin } from '../access/kubernetesPlugin';
import { IDP_SECRET, IDP_SECRET_VALUE, status } from '../__testUtils__/answers';
import { everythingOf, failureOf } from '../__testUtils__/failure';
import { fixture } from '../__testUtils__/fixtures';
import { LoopbackServer, send } from '../__testUtils__/LoopbackServer';
import { DefaultKubernetesClient } from './DefaultKubernetesClient';

const TOKEN = 'plugin-to-plugin-token-1234';

let server: LoopbackServer;
let client: DefaultKubernetesClient;

beforeAll(async () => {
  server = await LoopbackServer.start();
  client = new DefaultKubernetesClient({
    ...(await connectThroughPlugin('production', {
      baseUrl: async () => `${server.url}/api/kubernetes/`,
      token: async () => TOKEN,
    })),
    tls: { ca: fixture('ca.crt') },
  });
});

afterAll(async () => {
  await server.stop();
  await client.close();
});

const get = () => client.get('Secret', 'hoop', 'idp');
const patch = () =>
  client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: IDP_SECRET });

/** How a Backstage backend words its own errors. */
const ofBackstage = (code: number, name: string, message: string) => ({
  error: { name, message, stack: `at ${TOKEN}` },
  request: { method: 'GET', url: '/api/kubernetes/proxy/api' },
  response: { statusCode: code },
});

describe('Every request through the proxy names its cluster', () => {
  it.each([
    [
      'a read',
      get,
      'GET',
      '/api/kubernetes/proxy/api/v1/namespaces/hoop/secrets/idp',
    ],
    [
      'a patch',
      patch,
      'PATCH',
      '/api/kubernetes/proxy/api/v1/namespaces/hoop/secrets/idp',
    ],
  ])('%s', async (_, call, method, path) => {
    server.answer(200, IDP_SECRET);
    await call();
    expect(server.last).toMatchObject({
      method,
      path,
      headers: {
        'backstage-kubernetes-cluster': 'production',
        authorization: `Bearer ${TOKEN}`,
      },
    });
  });

  it('a watch', async () => {
    server.handler = (_, response) => {
      send(response, 200, { type: 'ADDED', object: IDP_SECRET });
    };
    const seen = [];
    for await (const { type } of client.watch('Secret', 'hoop', {})) {
      seen.push(type);
    }
    expect(seen).toEqual(['ADDED']);
    expect(server.last.headers).toMatchObject({
      'backstage-kubernetes-cluster': 'production',
    });
  });
});

describe('What the proxy itself refuses is not taken for the cluster', () => {
  it.each<[string, number, object | string, string, RegExp]>([
    [
      'an unknown cluster',
      404,
      ofBackstage(404, 'NotFoundError', "Cluster 'production' not found"),
      'unexpected-answer',
      /does not know the cluster "production" \(404: “Cluster 'production' not found”\)\. Check its name/,
    ],
    [
      'no clusters at all',
      404,
      ofBackstage(404, 'NotFoundError', 'No Clusters configured'),
      'unexpected-answer',
      /does not know the cluster "production" \(404: “No Clusters/,
    ],
    [
      'a plugin that is not installed',
      404,
      '',
      'unexpected-answer',
      /nothing answers at the address of the Kubernetes plugin's proxy \(404\)\. Install @backstage\/plugin-kubernetes-backend/,
    ],
    [
      'a permission that is missing',
      403,
      ofBackstage(403, 'NotAllowedError', 'Unauthorized'),
      'permission-missing',
      /refuses this backend its proxy .*kubernetes\.proxy/,
    ],
    [
      'a token that is not accepted',
      401,
      ofBackstage(401, 'AuthenticationError', 'Illegal token'),
      'credentials-refused',
      /does not accept the token of this backend/,
    ],
    [
      'a cluster that gives no answer',
      500,
      ofBackstage(
        500,
        'ForwardedError',
        "Cluster 'production' request error; caused by Error: connect ECONNREFUSED 10.0.0.1:443",
      ),
      'unreachable',
      /got no answer from the cluster .*ECONNREFUSED/,
    ],
    [
      'an authProvider for persons',
      500,
      ofBackstage(
        500,
        'Error',
        'Google token not found under auth.google in request body',
      ),
      'credentials-refused',
      /needs the token of a signed-in person.*googleServiceAccount/,
    ],
    [
      'credentials that the plugin does not get',
      500,
      ofBackstage(
        500,
        'CredentialsProviderError',
        'Could not load credentials from any providers',
      ),
      'server-error',
      /fails before it asks the cluster \(500: “Could not load credentials.*log of the backend/,
    ],
    [
      'a plugin that is starting',
      503,
      ofBackstage(
        503,
        'ServiceUnavailableError',
        'Service has not started up yet',
      ),
      'overloaded',
      /has not started up yet/,
    ],
  ])(
    '%s',
    async (_, code, body, kind, message) => {
      server.answer(code, body);
      const error = await failureOf(patch());
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(message);
      expect(error.message).toContain(
        'cluster "production" of the Kubernetes plugin',
      );
      expect(failureNoteOf(error)?.kind).toBe(kind);
      expect(mayBeCarriedOut(error)).toBe(kind === 'unreachable');
      expect(everythingOf(error)).not.toContain(TOKEN);
      expect(everythingOf(error)).not.toContain(IDP_SECRET_VALUE);
    },
    20_000,
  );

  it('an unknown cluster does not make an object absent', async () => {
    server.answer(
      404,
      ofBackstage(404, 'NotFoundError', "Cluster 'production' not found"),
    );
    await expect(get()).rejects.toThrow('does not know the cluster');
  });
});

describe('What the cluster answers through the proxy stays what it is', () => {
  it.each<[string, number, object, string | undefined]>([
    [
      'a missing object',
      404,
      status(404, 'NotFound', 'secrets "idp" not found'),
      undefined,
    ],
    [
      'a list that is too old',
      410,
      status(410, 'Expired', 'too old resource version'),
      'ConflictError',
    ],
    [
      'credentials that have expired',
      401,
      status(401, 'Unauthorized', 'Unauthorized'),
      'ServiceUnavailableError',
    ],
  ])('%s', async (_, code, body, name) => {
    server.answer(code, body);
    const outcome = await get().catch(error => error);
    expect(outcome?.name).toBe(name);
    expect(String(outcome)).not.toContain('Kubernetes plugin does not');
  });
});
