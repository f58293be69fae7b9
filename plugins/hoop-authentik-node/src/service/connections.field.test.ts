import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueForLoopback } from '../http/__testUtils__/certificates';
import { SecretValue } from '../core';
import { apiTokenOf, connectionToGateway } from './connections';

describe('files of a connection', () => {
  const { cert, key, ca } = issueForLoopback();
  let directory: string;
  const file = (name: string) => join(directory, name);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'connections-'));
    await Promise.all(
      Object.entries({ cert, key, ca, empty: '' }).map(([name, text]) =>
        writeFile(file(name), text),
      ),
    );
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  const instance = (
    credential: Parameters<typeof apiTokenOf>[0]['credential'],
  ) => ({
    name: 'default',
    baseUrl: 'https://auth.company',
    caFile: undefined,
    signingKey: undefined,
    credential,
  });

  it('should give a certificate with its key', () => {
    const connection = connectionToGateway({
      name: 'prod',
      caFile: file('ca'),
      clientCertificate: { certFile: file('cert'), keyFile: file('key') },
    });
    expect(connection).toMatchObject({ ca, cert });
    expect(connection.key?.reveal()).toBe(key);
    expect(JSON.stringify(connection)).not.toContain('PRIVATE KEY');
  });

  it.each([
    ['cert', 'none', '.keyFile in app-config cannot be read (ENOENT)'],
    ['none', 'key', '.certFile in app-config cannot be read (ENOENT)'],
    ['cert', 'empty', '.keyFile in app-config: expected a private key in PEM'],
    ['ca', 'key', '.keyFile in app-config is not the private key of'],
  ])('should refuse %s with %s', (certFile, keyFile, message) => {
    const reading = () =>
      connectionToGateway({
        name: 'prod',
        caFile: undefined,
        clientCertificate: { certFile: file(certFile), keyFile: file(keyFile) },
      });
    expect(reading).toThrow(
      `The file named as hoopAuthentik.gateways[name=prod].clientCertificate`,
    );
    expect(reading).toThrow(message);
    expect(reading).not.toThrow(directory);
    expect(reading).toThrow(
      expect.objectContaining({ name: 'ServiceUnavailableError' }),
    );
  });

  it('should give the token that a file has at that time', async () => {
    await writeFile(file('token'), 'first\n');
    const { token } = apiTokenOf(instance({ tokenFile: file('token') }), {});
    expect((await token.get()).reveal()).toBe('first');
    await writeFile(file('token'), 'second');
    expect((await token.get()).reveal()).toBe('second');
  });

  it.each([
    ['absent', 'cannot be read: expected a file, found none'],
    ['empty', 'is empty'],
    ['cert', 'contains more than one word'],
  ])('should refuse a token file that is %s', async (name, message) => {
    for (const credential of [
      { tokenFile: file(name) },
      {
        oauth: { clientId: 'x', credential: { tokenFile: file(name) } },
      },
    ]) {
      const { token, close } = apiTokenOf(instance(credential), {});
      const error: Error = await token.get().then(
        () => new Error('a token'),
        cause => cause,
      );
      await close();
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toContain(message);
      expect(error.message).toContain('hoopAuthentik.authentik[name=default]');
      expect(error.message).not.toContain(directory);
      expect(error.message).not.toContain('BEGIN');
    }
  });

  it('should give a token of app-config as it is', async () => {
    const { token } = apiTokenOf(
      instance({ token: new SecretValue('the-token') }),
      {},
    );
    expect((await token.get()).reveal()).toBe('the-token');
  });
});
