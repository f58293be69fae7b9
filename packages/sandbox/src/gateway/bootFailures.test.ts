import { createServer, ServerResponse } from 'node:http';
import { createServer as createSecureServer, Server } from 'node:https';
import { closeServer, listen } from '../http/server';
import { FakeIdentityProvider } from '../testing/fakeIdentityProvider';
import { GatewayHarness } from '../testing/gatewayHarness';
import {
  configMap,
  configMapsPath,
  deploymentsPath,
  KubernetesHarness,
  podsPath,
} from '../testing/kubernetesHarness';
import { webDeployment } from '../testing/webDeployment';
import { createLoopbackCertificates } from '../kubernetes/certificates';
import { GatewayDatabase } from './database';
import { GatewayRuntime } from './runtime';

const configurationPrefix = 'failed loading gateway configuration, reason=';
const verifierPrefix =
  'failed initializing token verifier provider, reason=failed to initialize provider: ';

let provider: FakeIdentityProvider;
let gateway: GatewayHarness;
/** A port that was free a moment ago. */
let closedAddress: string;
/** Answers over TLS with a certificate nobody trusts. */
let secureAddress: string;
let secureServer: Server;

beforeAll(async () => {
  const server = createServer();
  closedAddress = `127.0.0.1:${await listen(server, 0)}`;
  await closeServer(server);
  const { key, certificate } = createLoopbackCertificates();
  secureServer = createSecureServer({ key, cert: certificate });
  secureAddress = `127.0.0.1:${await listen(secureServer, 0)}`;
  provider = await FakeIdentityProvider.start();
  gateway = await GatewayHarness.start();
  // Making certificates takes seconds on a busy machine.
}, 30_000);
afterAll(async () => {
  await closeServer(secureServer);
  await gateway.close();
  await provider.close();
});
beforeEach(() => {
  provider.restore();
  gateway.database = new GatewayDatabase();
});

function settings(changes: Record<string, string> = {}) {
  return {
    AUTH_METHOD: 'oidc',
    IDP_ISSUER: provider.issuer,
    IDP_CLIENT_ID: 'client',
    IDP_CLIENT_SECRET: 'secret',
    IDP_GROUPS_CLAIM: 'groups',
    ...changes,
  };
}

const discoveryPath = '/application/o/hoop/.well-known/openid-configuration';

function answerWith(status: number, type: string, body: string) {
  return (res: ServerResponse) => {
    res.writeHead(status, { 'content-type': type });
    res.end(body);
  };
}

/** Title, what to prepare, environment, exact start of the fatal message. */
type Row = [string, () => void, () => Record<string, string>, () => string];

const nothing = () => {};

const rows: Row[] = [
  [
    'an unknown method',
    nothing,
    () => ({ AUTH_METHOD: 'ldap' }),
    () => `${configurationPrefix}invalid AUTH_METHOD env, got=ldap`,
  ],
  [
    'an API_URL with a newline',
    nothing,
    () => ({ API_URL: 'http://127.0.0.1:8009\n' }),
    () => `${configurationPrefix}failed parsing API_URL env`,
  ],
  [
    'a missing secret',
    nothing,
    () => settings({ IDP_CLIENT_SECRET: '' }),
    () =>
      `${verifierPrefix}missing required oidc attributes (issuer-url, client-id, client-secret)`,
  ],
  [
    'a client id and nothing else, as after a patch of one key',
    nothing,
    () => ({ IDP_CLIENT_ID: 'client' }),
    () =>
      `${verifierPrefix}missing required oidc attributes (issuer-url, client-id, client-secret)`,
  ],
  [
    'an issuer with a newline',
    nothing,
    () => settings({ IDP_ISSUER: `${provider.issuer}\n` }),
    () =>
      `${verifierPrefix}failed to parse OIDC provider options from env: failed parsing IDP_ISSUER env`,
  ],
  [
    'an issuer with a leading space',
    nothing,
    () => settings({ IDP_ISSUER: ` ${provider.issuer}` }),
    () =>
      `${verifierPrefix}failed to parse OIDC provider options from env: failed parsing IDP_ISSUER env`,
  ],
  [
    'an IDP_URI without credentials',
    nothing,
    () => settings({ IDP_URI: provider.issuer }),
    () =>
      `${verifierPrefix}failed to parse OIDC provider options from env: missing credentials for IDP_URI env`,
  ],
  [
    'nobody listening',
    nothing,
    () => settings({ IDP_ISSUER: `http://${closedAddress}/o/hoop/` }),
    () =>
      `${verifierPrefix}Get "http://${closedAddress}/o/hoop/.well-known/openid-configuration": dial tcp ${closedAddress}: connect: connection refused`,
  ],
  [
    'a host without an address',
    nothing,
    () => settings({ IDP_ISSUER: 'http://auth.sandbox.invalid/o/hoop/' }),
    () =>
      `${verifierPrefix}Get "http://auth.sandbox.invalid/o/hoop/.well-known/openid-configuration": dial tcp: lookup auth.sandbox.invalid: no such host`,
  ],
  [
    'a certificate of an unknown authority',
    nothing,
    () => settings({ IDP_ISSUER: `https://${secureAddress}/o/hoop/` }),
    () =>
      `${verifierPrefix}Get "https://${secureAddress}/o/hoop/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  ],
  [
    'a wrong slug',
    nothing,
    () => settings({ IDP_ISSUER: `${provider.url}/application/o/none/` }),
    () => `${verifierPrefix}404 Not Found: not here`,
  ],
  [
    'an issuer without its slash',
    nothing,
    () => settings({ IDP_ISSUER: provider.issuer.slice(0, -1) }),
    () =>
      `${verifierPrefix}oidc: issuer did not match the issuer returned by provider, expected "${provider.issuer.slice(
        0,
        -1,
      )}" got "${provider.issuer}"`,
  ],
  [
    'an issuer of another host',
    () => {
      provider.discovery = { issuer: 'https://public.example/' };
    },
    () => settings(),
    () =>
      `${verifierPrefix}oidc: issuer did not match the issuer returned by provider, expected "${provider.issuer}" got "https://public.example/"`,
  ],
  [
    'an HTML page in place of the discovery document',
    () => {
      provider.overrides.set(
        discoveryPath,
        answerWith(200, 'text/html; charset=utf-8', '<html>'),
      );
    },
    () => settings(),
    () =>
      `${verifierPrefix}oidc: failed to decode provider discovery object: expected Content-Type = application/json, got "text/html; charset=utf-8"`,
  ],
  [
    'keys out of reach',
    () => {
      provider.discovery = { jwks_uri: `http://${closedAddress}/jwks/` };
    },
    () => settings(),
    () =>
      `${verifierPrefix}failed to download JWKS from http://${closedAddress}/jwks/`,
  ],
  [
    'saml without a stored configuration',
    nothing,
    () => ({ AUTH_METHOD: 'saml' }),
    () => verifierPrefix,
  ],
];

describe('boot failures', () => {
  it.each(rows)('%s', async (_title, prepare, env, message) => {
    prepare();
    const { exit, logs } = await gateway.boot(env());
    expect(exit).toEqual({ code: 1 });
    const last = JSON.parse(logs[logs.length - 1]);
    expect(last.level).toBe('fatal');
    expect(last.message.startsWith(message())).toBe(true);
    const answer = await gateway.call('GET', '/api/publicserverinfo');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('text/html');
  });

  it.each<[string, () => void, () => Record<string, string>]>([
    ['a wrong secret', nothing, () => settings({ IDP_CLIENT_SECRET: 'wrong' })],
    [
      'no signing key',
      () => {
        provider.discovery = {
          id_token_signing_alg_values_supported: ['HS256'],
        };
        provider.overrides.set(
          '/application/o/hoop/jwks/',
          answerWith(200, 'application/json', '{}'),
        );
      },
      () => settings(),
    ],
    [
      'IDP_* beside local',
      nothing,
      () => settings({ AUTH_METHOD: 'local', IDP_ISSUER: 'nonsense' }),
    ],
    [
      'a provider that is away, on a multi-tenant installation',
      nothing,
      () =>
        settings({
          IDP_ISSUER: `http://${closedAddress}/`,
          ORG_MULTI_TENANT: 'true',
        }),
    ],
  ])('boots in spite of %s', async (_title, prepare, env) => {
    prepare();
    expect((await gateway.boot(env())).exit).toBeUndefined();
    expect((await gateway.call('GET', '/api/healthz')).status).toBe(200);
  });

  it('logs what it loaded, and the method of the environment last', async () => {
    const { logs } = await gateway.boot(settings());
    const messages = logs.map(line => JSON.parse(line).message);
    expect(messages).toContainEqual(
      `loaded oidc provider configuration, redirect-url=${gateway.url}/api/callback, with-user-info=false, auth=${provider.url}/application/o/authorize/, token=${provider.url}/application/o/token/, userinfo=${provider.url}/application/o/userinfo/, jwks=${provider.url}/application/o/hoop/jwks/, algorithms=RS256, groupsclaim=groups, scopes=openid profile email`,
    );
    expect(messages[messages.length - 1]).toMatch(/auth=oidc$/);
  });
});

describe('a boot failure in a cluster', () => {
  it('crash-loops with its reason in logs and lastState, behind a finished rollout', async () => {
    const runtime = new GatewayRuntime({
      database: () => new GatewayDatabase(),
      // Longer than the controllers take to see the container run.
      bootMs: 60,
    });
    const cluster = await KubernetesHarness.start({ runtime });
    try {
      await cluster.call(
        'POST',
        configMapsPath,
        configMap('gateway', { AUTH_METHOD: 'ldap' }),
      );
      await cluster.call(
        'POST',
        deploymentsPath,
        webDeployment(
          {},
          {
            image: 'hoophq/hoop:1.148.0',
            envFrom: [{ configMapRef: { name: 'gateway' } }],
            terminationMessagePolicy: 'FallbackToLogsOnError',
          },
        ),
      );
      const [pod] = await cluster.until(
        () => cluster.pods(),
        pods =>
          pods[0]?.status?.containerStatuses?.[0].state.waiting?.reason ===
          'CrashLoopBackOff',
      );
      const status = pod.status?.containerStatuses?.[0];
      expect(status?.restartCount).toBeGreaterThanOrEqual(1);
      expect(status?.lastState.terminated).toMatchObject({
        exitCode: 1,
        message: expect.stringContaining('invalid AUTH_METHOD env, got=ldap'),
      });
      const log = await cluster.get(
        `${podsPath}/${pod.metadata.name}/log?previous=true&tailLines=1`,
      );
      expect(log.text).toContain('invalid AUTH_METHOD env, got=ldap');
      const deployment = await cluster.deployment();
      expect(deployment.status?.conditions).toContainEqual(
        expect.objectContaining({ reason: 'NewReplicaSetAvailable' }),
      );
    } finally {
      await cluster.close();
    }
  }, 20_000);
});
