import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readHoopAuthentikConfig } from './readConfig';

const INSTANCE = { baseUrl: 'https://auth.company', token: 'the-token' };
const TARGET = {
  type: 'kubernetes',
  cluster: { kubeconfig: '/etc/kubeconfig' },
  namespace: 'hoop',
};
const GATEWAY = { name: 'prod', url: 'https://hoop.company', target: TARGET };

const read = (hoopAuthentik: JsonObject) =>
  readHoopAuthentikConfig(new ConfigReader({ hoopAuthentik }));
const readInstance = (instance: JsonObject) =>
  read({ authentik: [{ ...INSTANCE, ...instance }] });
const readGateway = (gateway: JsonObject) =>
  read({ authentik: [INSTANCE], gateways: [{ ...GATEWAY, ...gateway }] });
const readTarget = (target: JsonObject) =>
  readGateway({ target: { ...TARGET, ...target } });

describe('readHoopAuthentikConfig', () => {
  it('should hide the password of a test account', () => {
    const [{ testAccount }] = readGateway({
      testAccount: { username: 'probe', password: 'a-password' },
    }).gateways;
    expect(testAccount?.username).toBe('probe');
    expect(testAccount?.password.reveal()).toBe('a-password');
    expect(JSON.stringify(testAccount)).not.toContain('a-password');
    expect(() => readGateway({ testAccount: { username: 'probe' } })).toThrow(
      'gateways[0].testAccount.password',
    );
  });

  it.each([
    ['the section is absent', {}],
    ['it is empty', { hoopAuthentik: {} }],
    ['its lists are empty', { hoopAuthentik: { authentik: [], gateways: [] } }],
  ])('should read nothing when %s', (_, config) => {
    expect(readHoopAuthentikConfig(new ConfigReader(config))).toEqual({
      authentik: [],
      gateways: [],
    });
  });

  it('should read the names of keys', () => {
    const keyNames = { IDP_CLIENT_SECRET: 'clientSecret' };
    expect(
      readGateway({ target: { ...TARGET, keyNames } }).gateways[0].target,
    ).toMatchObject({ keyNames });
  });

  it.each([
    ['a setting', { IDP_CLIENT_ID: 'IDP_CLIENT_SECRET' }],
    ['the same', { IDP_CLIENT_ID: 'oidc', IDP_CLIENT_SECRET: 'oidc' }],
    ['no key', { IDP_CLIENT_ID: 'client id' }],
    ['another variable', { IDP_ISSUER: 'issuer' }],
  ])('should refuse %s as the name of a key', (_, keyNames) => {
    expect(() => readGateway({ target: { ...TARGET, keyNames } })).toThrow(
      'target.keyNames must give IDP_CLIENT_ID and IDP_CLIENT_SECRET different keys of a Kubernetes object',
    );
  });

  it.each([
    ['allowExec', { name: 'production', allowExec: true }, 'kubeconfig'],
    [
      'execEnvironment',
      { inCluster: true, execEnvironment: ['A'] },
      'kubeconfig',
    ],
    ['context', { name: 'production', context: 'c' }, 'kubeconfig'],
    ['viaProxy', { kubeconfig: '/x', viaProxy: true }, 'name'],
  ])('should refuse %s where it has no meaning', (field, cluster, beside) => {
    expect(() => readGateway({ target: { ...TARGET, cluster } })).toThrow(
      `target.cluster.${field} has a meaning beside "${beside}" only`,
    );
  });

  it('should apply the defaults', () => {
    const { authentik, gateways } = readGateway({});
    expect(authentik).toMatchObject([
      {
        name: 'default',
        baseUrl: 'https://auth.company',
        caFile: undefined,
        signingKey: undefined,
      },
    ]);
    expect(gateways).toEqual([
      {
        name: 'prod',
        title: 'prod',
        url: 'https://hoop.company',
        authentik: 'default',
        application: 'prod',
        adminGroup: 'admin',
        caFile: undefined,
        target: {
          type: 'kubernetes',
          cluster: { kubeconfig: '/etc/kubeconfig', context: undefined },
          namespace: 'hoop',
          deployment: 'hoopgateway',
          container: undefined,
          configMap: undefined,
          secret: undefined,
          settingsIn: 'configMap',
          clientSecretIn: 'secret',
          rolloutTimeoutMs: 300_000,
        },
      },
    ]);
  });

  it('should read every key', () => {
    const { authentik, gateways } = read({
      authentik: [
        { ...INSTANCE, name: 'a', caFile: 'ca.pem', signingKey: 'Key' },
        { ...INSTANCE, name: 'b' },
      ],
      gateways: [
        {
          ...GATEWAY,
          title: 'Production',
          url: 'https://hoop.company:8443/',
          authentik: 'b',
          application: 'hoop',
          adminGroup: 'admins',
          caFile: 'gateway.pem',
          target: {
            ...TARGET,
            cluster: { kubeconfig: 'k', context: 'c' },
            deployment: 'd',
            container: 'gateway',
            configMap: 'hoop.config-1',
            secret: 's',
            clientSecretIn: 'configMap',
            rolloutTimeout: { minutes: 2 },
          },
        },
        {
          ...GATEWAY,
          name: 'in-cluster',
          authentik: 'a',
          target: { ...TARGET, cluster: { inCluster: true } },
        },
      ],
    });
    expect(authentik[0]).toMatchObject({ caFile: 'ca.pem', signingKey: 'Key' });
    expect(gateways[0]).toEqual({
      name: 'prod',
      title: 'Production',
      url: 'https://hoop.company:8443',
      authentik: 'b',
      application: 'hoop',
      claimedApplication: 'hoop',
      adminGroup: 'admins',
      caFile: 'gateway.pem',
      target: {
        type: 'kubernetes',
        cluster: { kubeconfig: 'k', context: 'c' },
        namespace: 'hoop',
        deployment: 'd',
        container: 'gateway',
        configMap: 'hoop.config-1',
        secret: 's',
        settingsIn: 'configMap',
        clientSecretIn: 'configMap',
        rolloutTimeoutMs: 120_000,
      },
    });
    expect(gateways[1].target).toMatchObject({ cluster: { inCluster: true } });
  });

  it.each(['helmValues', 'envFile'])(
    'should require only the type of a target "%s"',
    type => {
      const { gateways } = readGateway({ target: { type } });
      expect(gateways[0]).toMatchObject({
        target: { type },
        apiKey: undefined,
      });
    },
  );

  it('should remember whether the application was written, even where it is the default', () => {
    const [written] = readGateway({ application: 'prod' }).gateways;
    const [left] = readGateway({}).gateways;
    expect([written.application, left.application]).toEqual(['prod', 'prod']);
    expect(written.claimedApplication).toBe('prod');
    expect(left.claimedApplication).toBeUndefined();
  });

  it('should hide the API key, which the target "gatewayApi" requires', () => {
    const { gateways } = readGateway({
      apiKey: 'hpk_of-an-administrator\n',
      target: { type: 'gatewayApi' },
    });
    expect(gateways[0].target).toEqual({ type: 'gatewayApi' });
    expect(gateways[0].apiKey?.reveal()).toBe('hpk_of-an-administrator');
    expect(JSON.stringify(gateways)).not.toContain('administrator');
    expect(() => readGateway({ target: { type: 'gatewayApi' } })).toThrow(
      'hoopAuthentik.gateways[0].apiKey is required by the target type "gatewayApi"',
    );
  });

  it.each(['two words', 'two\nlines', 'schlüssel', '  '])(
    'should refuse %j as an API key without repeating it',
    apiKey => {
      const reading = () => readGateway({ apiKey });
      expect(reading).toThrow(
        'hoopAuthentik.gateways[0].apiKey must be one line of printable ASCII characters',
      );
      expect(reading).not.toThrow(apiKey.trim() || 'nothing to find');
    },
  );

  it('should read the name of a cluster of the Kubernetes plugin', () => {
    const { gateways } = readTarget({ cluster: { name: 'production' } });
    expect(gateways[0].target).toMatchObject({
      cluster: { name: 'production' },
    });
  });

  it('should keep the path of an authentik base URL, without trailing slashes', () => {
    const { authentik } = readInstance({ baseUrl: 'https://company/auth//' });
    expect(authentik[0].baseUrl).toBe('https://company/auth');
  });

  it('should hide the token, without a line feed at its end', () => {
    const { authentik } = readInstance({ token: 'the-token\n' });
    const [{ credential }] = authentik;
    expect('token' in credential && credential.token.reveal()).toBe(
      'the-token',
    );
    expect(JSON.stringify(authentik)).not.toContain('the-token');
  });

  it.each([
    ['not-a-url', 'found "not-a-url"'],
    ['https://admin:pw@auth.company:99999', 'found "auth.company:99999"'],
    ['ftp://auth.company', 'found "ftp://auth.company/"'],
    ['https://admin:pw@auth.company', 'found "https://auth.company/"'],
    ['https://:pw@auth.company', 'found "https://auth.company/"'],
    ['https://auth.company?x=pw', 'found "https://auth.company/"'],
    ['https://auth.company#x', 'found "https://auth.company/"'],
  ])(
    'should refuse the base URL %s without repeating a password',
    (url, found) => {
      expect(() => readInstance({ baseUrl: url })).toThrow(
        `hoopAuthentik.authentik[0].baseUrl must be an http(s) URL without credentials, query or fragment; ${found}`,
      );
    },
  );

  it.each([
    'http://auth.company',
    'http://127.0.0.1.company',
    'http://localhost.company:9000',
  ])(
    'should not send the token unencrypted to %s unless permitted',
    baseUrl => {
      expect(() => readInstance({ baseUrl })).toThrow(
        `hoopAuthentik.authentik[0].baseUrl must be an https URL, since it receives tokens and secrets; found "${baseUrl}". If something else encrypts the traffic, set hoopAuthentik.authentik[0].dangerouslyAllowHttp.`,
      );
      const { authentik } = readInstance({
        baseUrl,
        dangerouslyAllowHttp: true,
      });
      expect(authentik[0].baseUrl).toBe(baseUrl);
    },
  );

  it.each([
    'http://localhost:9000',
    'http://authentik.localhost',
    'http://127.0.0.1:9000',
    'http://[::1]:9000',
  ])('should accept %s, which does not leave this machine', baseUrl => {
    expect(readInstance({ baseUrl }).authentik[0].baseUrl).toBe(baseUrl);
  });

  it('should refuse a gateway with plain HTTP unless permitted', () => {
    const url = 'http://hoop.company';
    expect(() => readGateway({ url })).toThrow(
      'hoopAuthentik.gateways[0].url must be an https URL',
    );
    expect(() =>
      readGateway({ url, dangerouslyAllowHttp: true }),
    ).not.toThrow();
  });

  it.each([
    [
      'url',
      { url: 'nope' },
      'hoopAuthentik.gateways[0].url must be an http(s) URL',
    ],
    [
      'url that is more than one word in a shell',
      { url: 'https://hoop.company;id' },
      'hoopAuthentik.gateways[0].url must be an http(s) URL',
    ],
    [
      'url of two lines',
      { url: 'https://hoop.\ncompany' },
      'hoopAuthentik.gateways[0].url must be an http(s) URL',
    ],
    [
      'url with a path',
      { url: 'https://company/hoop' },
      'hoopAuthentik.gateways[0].url must be an origin such as https://hoop.company, without a path; found "https://company/hoop"',
    ],
    [
      'application',
      { application: 'a b' },
      'hoopAuthentik.gateways[0].application must be a slug of letters, digits, "-" and "_"; found "a b"',
    ],
    [
      'name that is not a slug, where it is the application',
      { name: 'a.b' },
      'application must be a slug of letters, digits, "-" and "_"; found "a.b"',
    ],
    [
      'authentik',
      { authentik: 'other' },
      'hoopAuthentik.gateways[0].authentik must name one of the instances under hoopAuthentik.authentik (default); found "other"',
    ],
  ])('should refuse a gateway for its %s', (_, gateway, message) => {
    expect(() => readGateway(gateway)).toThrow(message);
  });

  it.each([
    [
      'type',
      { type: 'docker' },
      'hoopAuthentik.gateways[0].target.type must be "kubernetes", "gatewayApi", "helmValues" or "envFile"; found "docker"',
    ],
    [
      'clientSecretIn',
      { clientSecretIn: 'vault' },
      'target.clientSecretIn must be "secret" or "configMap"; found "vault"',
    ],
    [
      'settingsIn',
      { settingsIn: 'file' },
      'target.settingsIn must be "configMap" or "secret"; found "file"',
    ],
    [
      'settings in a Secret with their secret in a ConfigMap',
      { settingsIn: 'secret', clientSecretIn: 'configMap' },
      'target.clientSecretIn must be "secret" where settingsIn is "secret"',
    ],
    ...['namespace', 'deployment', 'configMap', 'secret'].map(
      field =>
        [
          field,
          { [field]: 'Hoop_1' },
          `hoopAuthentik.gateways[0].target.${field} must be the name of a Kubernetes object (RFC 1123); found "Hoop_1"`,
        ] as const,
    ),
    [
      'configMap that is too long',
      { configMap: 'x'.repeat(254) },
      'target.configMap must be the name of a Kubernetes object',
    ],
    [
      'cluster',
      { cluster: { inCluster: false } },
      'hoopAuthentik.gateways[0].target.cluster must have one of "kubeconfig" (a path), "name" (a cluster of kubernetes.clusterLocatorMethods) and "inCluster: true"; found none',
    ],
    [
      'cluster given twice',
      { cluster: { name: 'production', kubeconfig: '/etc/kubeconfig' } },
      'found "kubeconfig" and "name"',
    ],
  ] as const)('should refuse a target for its %s', (_, target, message) => {
    expect(() => readTarget(target)).toThrow(message);
  });

  it('should require the name of an instance where there are several or none', () => {
    const gateways = [GATEWAY];
    expect(() =>
      read({
        authentik: [
          { ...INSTANCE, name: 'a' },
          { ...INSTANCE, name: 'b' },
        ],
        gateways,
      }),
    ).toThrow('(a, b); found nothing');
    expect(() => read({ gateways })).toThrow(
      '(none is declared); found nothing',
    );
  });

  it.each([
    ['authentik', { authentik: [INSTANCE, INSTANCE] }, 'default'],
    [
      'gateways',
      { authentik: [INSTANCE], gateways: [GATEWAY, GATEWAY] },
      'prod',
    ],
  ])('should refuse %s with one name twice', (section, config, name) => {
    expect(() => read(config)).toThrow(
      `hoopAuthentik.${section} declares the name "${name}" twice; names must be unique`,
    );
  });

  it.each([
    ['token', { authentik: [{ baseUrl: INSTANCE.baseUrl }] }],
    ['name', { authentik: [INSTANCE], gateways: [{ url: GATEWAY.url }] }],
    [
      'namespace',
      {
        authentik: [INSTANCE],
        gateways: [{ ...GATEWAY, target: { ...TARGET, namespace: undefined } }],
      },
    ],
  ])('should name a missing %s', (key, config) => {
    expect(() => read(config)).toThrow(
      new RegExp(`Missing required config value at 'hoopAuthentik.*${key}'`),
    );
  });
});
