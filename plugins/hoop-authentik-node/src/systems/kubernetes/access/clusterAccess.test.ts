import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadClusterConnection } from './clusterAccess';
import { FIXTURES, fixture, fixtureData } from '../__testUtils__/fixtures';
import { everythingOf, failureOf } from '../__testUtils__/failure';

const TOKEN = 'tok-1234567890-secret';

describe('loadClusterConnection', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cluster-access-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function file(name: string, content: string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  function kubeconfig(
    cluster: object = {},
    user: object | null = { token: TOKEN },
    rest: object = {},
  ): Promise<string> {
    return file(
      'config.yaml',
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'one',
        contexts: [
          { name: 'one', context: { cluster: 'c', user: 'u' } },
          { name: 'two', context: { cluster: 'other', user: 'u' } },
        ],
        clusters: [
          {
            name: 'c',
            cluster: { server: 'https://one.example:6443/', ...cluster },
          },
          {
            name: 'other',
            cluster: { server: 'https://two.example/k8s/clusters/c-1' },
          },
        ],
        users: [{ name: 'u', user }],
        ...rest,
      }),
    );
  }

  describe('with a kubeconfig', () => {
    it('should use the current context', async () => {
      const connection = await loadClusterConnection({
        kubeconfig: await kubeconfig(),
      });
      expect(connection.server).toBe('https://one.example:6443');
      expect(connection.tls).toEqual({});
      expect(await connection.headers()).toEqual({
        authorization: `Bearer ${TOKEN}`,
      });
    });

    it('should use the given context', async () => {
      const connection = await loadClusterConnection({
        kubeconfig: await kubeconfig(),
        context: 'two',
      });
      expect(connection.server).toBe('https://two.example/k8s/clusters/c-1');
    });

    it('should use inline certificates, and prefer them to files', async () => {
      const { tls, headers } = await loadClusterConnection({
        kubeconfig: await kubeconfig(
          {
            'certificate-authority-data': fixtureData('ca.crt'),
            'certificate-authority': 'missing.crt',
            'tls-server-name': 'kubernetes.default.svc',
          },
          {
            'client-certificate-data': fixtureData('client.crt'),
            'client-key-data': fixtureData('client.key'),
          },
        ),
      });
      expect(tls).toEqual({
        ca: fixture('ca.crt'),
        cert: fixture('client.crt'),
        key: fixture('client.key'),
        servername: 'kubernetes.default.svc',
      });
      expect(await headers()).toEqual({});
    });

    it('should find files relative to the kubeconfig', async () => {
      await file('ca.pem', fixture('ca.crt'));
      await file('token', `${TOKEN}\n`);
      const { tls, headers } = await loadClusterConnection({
        kubeconfig: await kubeconfig(
          { 'certificate-authority': 'ca.pem' },
          {
            tokenFile: './token',
            token: 'outdated',
            'client-certificate': join(FIXTURES, 'client.crt'),
            'client-key': join(FIXTURES, 'client.key'),
          },
        ),
      });
      expect(tls).toEqual({
        ca: fixture('ca.crt'),
        cert: fixture('client.crt'),
        key: fixture('client.key'),
      });
      expect(await headers()).toEqual({ authorization: `Bearer ${TOKEN}` });
    });

    it('should read a token file again when it changes', async () => {
      const path = await file('token', 'first');
      const { headers } = await loadClusterConnection({
        kubeconfig: await kubeconfig({}, { tokenFile: path }),
      });
      expect(await headers()).toEqual({ authorization: 'Bearer first' });
      await file('token', 'second');
      expect(await headers()).toEqual({ authorization: 'Bearer second' });
      await rm(path);
      expect(await headers()).toEqual({ authorization: 'Bearer second' });
      await file('token', '');
      expect(await headers()).toEqual({ authorization: 'Bearer second' });
    });

    it('should allow a user without credentials, over plain HTTP too', async () => {
      const { headers, server } = await loadClusterConnection({
        kubeconfig: await kubeconfig({ server: 'http://127.0.0.1:8001' }, null),
      });
      expect(server).toBe('http://127.0.0.1:8001');
      expect(await headers()).toEqual({});
    });

    it('should skip the verification of the server on request', async () => {
      const { tls } = await loadClusterConnection({
        kubeconfig: await kubeconfig({ 'insecure-skip-tls-verify': true }),
      });
      expect(tls).toEqual({ rejectUnauthorized: false });
    });

    const secret = { token: TOKEN };
    it.each<[string, object, object, object, RegExp]>([
      [
        'no current context',
        {},
        secret,
        { 'current-context': '' },
        /no current-context: .* found "one", "two"/,
      ],
      [
        'an unknown context',
        {},
        secret,
        { 'current-context': 'x' },
        /context: expected "x", found "one", "two"/,
      ],
      [
        'no contexts',
        {},
        secret,
        { contexts: null },
        /expected "one", found none/,
      ],
      [
        'an unknown cluster',
        {},
        secret,
        { clusters: [] },
        /cluster of context "one": expected "c", found none/,
      ],
      [
        'an unknown user',
        {},
        secret,
        { users: null },
        /user of context "one": expected "u", found none/,
      ],
      [
        'an exec user',
        {},
        { ...secret, exec: { command: 'aws' } },
        {},
        /user "u": "exec" is not allowed: it runs a program.*"allowExec: true".*"tokenFile" or a client certificate.*inCluster/,
      ],
      [
        'an auth-provider user',
        {},
        { 'auth-provider': { name: 'gcp' } },
        {},
        /"auth-provider" cannot be used.*give the user a "token"/,
      ],
      [
        'a user with a password',
        {},
        { username: 'a', password: TOKEN },
        {},
        /"username" cannot be used/,
      ],
      [
        'impersonation',
        {},
        { ...secret, as: 'admin' },
        {},
        /"as" cannot be used/,
      ],
      [
        'a proxy of another kind',
        { 'proxy-url': 'socks5://user:hunter2@p' },
        secret,
        {},
        /cluster "c": proxy-url: expected the http or https URL of a proxy, found something else$/,
      ],
      [
        'no server',
        { server: undefined },
        secret,
        {},
        /cluster "c": server must be an http\(s\) URL without credentials, query or fragment; found nothing/,
      ],
      [
        'a server that is not a URL',
        { server: 'one.example:6443' },
        secret,
        {},
        /server must be an http\(s\) URL without credentials, query or fragment; found "/,
      ],
      [
        'credentials over plain HTTP',
        { server: 'http://one.example' },
        secret,
        {},
        /never sent unencrypted/,
      ],
      [
        'invalid base64',
        { 'certificate-authority-data': '%%%' },
        secret,
        {},
        /certificate-authority-data: expected base64/,
      ],
      [
        'a CA that is not a certificate',
        { 'certificate-authority-data': 'aGVsbG8=' },
        secret,
        {},
        /expected certificates in PEM form, found 5 characters without a PEM block/,
      ],
      [
        'a CA that is a key',
        { 'certificate-authority-data': fixtureData('server.key') },
        secret,
        {},
        /found a PEM block "PRIVATE KEY" that cannot be used/,
      ],
      [
        'a CA file that is missing',
        { 'certificate-authority': 'no.crt' },
        secret,
        {},
        /the certificate-authority .*no\.crt cannot be read: expected a file, found none/,
      ],
      [
        'a CA together with insecure-skip-tls-verify',
        {
          'insecure-skip-tls-verify': true,
          'certificate-authority-data': fixtureData('ca.crt'),
        },
        secret,
        {},
        /found both/,
      ],
      [
        'a certificate without its key',
        {},
        { 'client-certificate-data': fixtureData('client.crt') },
        {},
        /found only the certificate/,
      ],
      [
        'a key without its certificate',
        {},
        { 'client-key-data': fixtureData('client.key') },
        {},
        /found only the key/,
      ],
      [
        'a key of another certificate',
        {},
        {
          'client-certificate-data': fixtureData('client.crt'),
          'client-key-data': fixtureData('server.key'),
        },
        {},
        /is not the private key of the certificate/,
      ],
      [
        'an invalid key',
        {},
        {
          'client-certificate-data': fixtureData('client.crt'),
          'client-key-data': 'aGVsbG8=',
        },
        {},
        /expected a private key in PEM form/,
      ],
      [
        'a token file that is missing',
        {},
        { tokenFile: 'no-token' },
        {},
        /the tokenFile .*no-token cannot be read: expected a file, found none/,
      ],
      [
        'a field of the wrong type',
        { server: ['a'] },
        secret,
        {},
        /cluster "c": server: .*expected string/,
      ],
      [
        'a context without a cluster',
        {},
        secret,
        { contexts: [{ name: 'one', context: {} }] },
        /context "one": cluster: expected the name of a cluster, found nothing/,
      ],
    ])('should refuse %s', async (_, cluster, user, rest, message) => {
      const path = await kubeconfig(cluster, user, rest);
      const error = await failureOf(
        loadClusterConnection({ kubeconfig: path }),
      );
      expect(error.name).toBe('InputError');
      expect(error.message).toMatch(message);
      expect(error.message).toContain(path);
      expect(everythingOf(error)).not.toContain(TOKEN);
    });

    it('should name the line of a syntax error and quote nothing', async () => {
      const path = await file(
        'broken.yaml',
        `users:\n- user: {token: ${TOKEN}`,
      );
      const error = await failureOf(
        loadClusterConnection({ kubeconfig: path }),
      );
      expect(error.message).toMatch(
        /broken\.yaml is not valid YAML: .* at line 2/,
      );
      expect(everythingOf(error)).not.toContain(TOKEN);
    });

    it.each([
      ['', 'the document'],
      [TOKEN, 'the document'],
      ['- a\n- b', 'the document'],
    ])(
      'should refuse a document that is not a kubeconfig: %j',
      async (text, where) => {
        const path = await file('other.yaml', text);
        const error = await failureOf(
          loadClusterConnection({ kubeconfig: path }),
        );
        expect(error.name).toBe('InputError');
        expect(error.message).toContain(where);
        expect(everythingOf(error)).not.toContain(TOKEN);
      },
    );

    it.each(['', ' \n', 'two words'])(
      'should refuse the token file %j',
      async text => {
        await file('token', text);
        const error = await failureOf(
          loadClusterConnection({
            kubeconfig: await kubeconfig({}, { tokenFile: 'token' }),
          }),
        );
        expect(error.name).toBe('InputError');
        expect(error.message).toMatch(/expected (a|one) bearer token/);
      },
    );

    it('should say when the kubeconfig is a directory', async () => {
      await expect(
        loadClusterConnection({ kubeconfig: directory }),
      ).rejects.toThrow(/cannot be read: expected a file, found a directory/);
    });
  });

  describe('in a cluster', () => {
    const env = {
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      KUBERNETES_SERVICE_PORT: '443',
    };

    it('should use the service account, and its renewed token', async () => {
      await file('ca.crt', fixture('ca.crt'));
      await file('token', 'first');
      const connection = await loadClusterConnection(
        { inCluster: true },
        { env, serviceAccountDir: directory },
      );
      expect(connection.server).toBe('https://10.0.0.1:443');
      expect(connection.tls).toEqual({ ca: fixture('ca.crt') });
      await file('token', 'second');
      expect(await connection.headers()).toEqual({
        authorization: 'Bearer second',
      });
    });

    it('should put an IPv6 address in brackets', async () => {
      await file('ca.crt', fixture('ca.crt'));
      await file('token', 'first');
      const { server } = await loadClusterConnection(
        { inCluster: true },
        {
          env: { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' },
          serviceAccountDir: directory,
        },
      );
      expect(server).toBe('https://[fd00::1]:443');
    });

    it('should say that it is not in a cluster', async () => {
      await expect(
        loadClusterConnection(
          { inCluster: true },
          { env: {}, serviceAccountDir: directory },
        ),
      ).rejects.toThrow(
        /KUBERNETES_SERVICE_HOST.*does not seem to run in a cluster/,
      );
    });

    it('should name the file that is missing', async () => {
      const surroundings = { env, serviceAccountDir: directory };
      const load = () =>
        loadClusterConnection({ inCluster: true }, surroundings);
      await expect(load()).rejects.toThrow(/ca\.crt cannot be read/);
      await file('ca.crt', fixture('ca.crt'));
      await expect(load()).rejects.toThrow(
        /service account token .*token cannot be read/,
      );
    });
  });
});
