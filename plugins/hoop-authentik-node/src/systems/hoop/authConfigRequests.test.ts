import { SecretValue } from '../../core';
import { everythingOf, failureOf } from '../kubernetes/__testUtils__/failure';
import { fixture } from '../kubernetes/__testUtils__/fixtures';
import { LoopbackServer } from '../kubernetes/__testUtils__/LoopbackServer';
import { DefaultHoopClient } from './DefaultHoopClient';

const API_KEY = 'hpk_key-of-an-administrator';
const CLIENT_SECRET = 'the-client-secret';
const CONFIG = {
  auth_method: 'oidc',
  oidc_config: { issuer_url: 'https://i/', client_secret: CLIENT_SECRET },
  api_key: 'xapi-key-in-the-database',
};

describe('DefaultHoopClient, stored configuration', () => {
  let server: LoopbackServer;
  const clients: DefaultHoopClient[] = [];
  const create = (apiKey?: string) => {
    const client = DefaultHoopClient.create({
      name: 'main',
      url: server.url,
      ca: fixture('ca.crt'),
      apiKey: apiKey === undefined ? undefined : new SecretValue(apiKey),
    });
    clients.push(client);
    return client;
  };
  const document = new SecretValue(JSON.stringify(CONFIG));

  beforeEach(async () => {
    server = await LoopbackServer.start();
  });

  afterEach(async () => {
    await server.stop();
    await Promise.all(clients.splice(0).map(client => client.close()));
  });

  it.each([
    [API_KEY, { authorization: `Bearer ${API_KEY}` }],
    ['org|static-key', { 'api-key': 'org|static-key' }],
    ['xapi-key', { 'api-key': 'xapi-key' }],
  ])(
    'should send the key %s as the gateway expects it',
    async (key, header) => {
      server.answer(200, CONFIG);
      const client = create(key);
      expect(client.hasApiKey).toBe(true);
      await client.getAuthConfig();
      expect(server.last).toMatchObject({
        method: 'GET',
        path: '/api/serverconfig/auth',
      });
      const { authorization, 'api-key': apiKey } = server.last.headers;
      expect({ authorization, 'api-key': apiKey }).toEqual({
        authorization: undefined,
        'api-key': undefined,
        ...header,
      });
    },
  );

  it('should not send the key with any other request', async () => {
    server.answer(200, { auth_method: 'local' });
    await create(API_KEY).getInfo();
    expect(JSON.stringify(server.last)).not.toContain(API_KEY);
  });

  it('should send nothing without a key', async () => {
    const client = create();
    expect(client.hasApiKey).toBe(false);
    await expect(client.getAuthConfig()).rejects.toThrow(
      "Set the gateway's apiKey in app-config.",
    );
    await expect(client.putAuthConfig(document)).rejects.toThrow('API key');
    expect(server.requests).toEqual([]);
  });

  it('should store a document unchanged, once', async () => {
    server.answer(200, CONFIG);
    const stored = await create(API_KEY).putAuthConfig(document);
    expect(stored.oidc?.clientSecret?.reveal()).toBe(CLIENT_SECRET);
    expect(server.requests).toHaveLength(1);
    expect(server.last).toMatchObject({
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: document.reveal(),
    });
  });

  it.each<[number, object | string, string, RegExp]>([
    [
      400,
      {
        message:
          'oidc: issuer did not match the issuer returned by provider, expected "a" got "b"',
      },
      'InputError',
      /stored nothing\. It must be able to load the issuer, but its discovery document names another issuer: check/,
    ],
    [
      400,
      { message: 'Get "http://x": dial tcp 127.0.0.1:9: connect: refused' },
      'InputError',
      /load the issuer, but the gateway does not reach it: check/,
    ],
    [
      400,
      { message: `refused client_secret=${CLIENT_SECRET} of the caller` },
      'InputError',
      /stored nothing\. It must be able to load the issuer: check/,
    ],
    [
      401,
      { message: `unknown key ${API_KEY}` },
      'ServiceUnavailableError',
      /rejected the API key \(401\): expected an administrator's key/,
    ],
    [
      403,
      { message: 'access denied' },
      'ServiceUnavailableError',
      /outside the administrators' group/,
    ],
    [
      404,
      '404 page not found',
      'ServiceUnavailableError',
      /found no such endpoint \(404\): check the URL, and that the gateway is 1\.38\.3 or newer/,
    ],
    [
      422,
      { message: 'invalid attribute' },
      'InputError',
      /does not understand the configuration \(422\) and stored nothing\. Expected/,
    ],
    [
      500,
      { message: 'internal server error, failed loading IDP provider' },
      'ServiceUnavailableError',
      /answered 500 with application\/json\. While it cannot load its identity provider, it rejects every key/,
    ],
    [
      500,
      {
        message: `failed creating OIDC provider options: failed to parse OIDC provider options from env: failed parsing IDP_URI env, reason=parse "https://hoop:${CLIENT_SECRET}@issuer example/": net/url: invalid character`,
      },
      'ServiceUnavailableError',
      /answered 500 with application\/json\. Check its log, and that IDP_URI and IDP_ISSUER .* The answer is not shown/,
    ],
    [200, '<html>', 'ServiceUnavailableError', /found something else/],
    [200, { nothing: 'known' }, 'ServiceUnavailableError', /something else/],
  ])(
    'should explain %i %j, without a secret',
    async (status, body, name, message) => {
      server.answer(status, body);
      const error = await failureOf(create(API_KEY).putAuthConfig(document));
      expect(error.name).toBe(name);
      expect(error.message).toMatch(message);
      expect(error.message).toMatch(/^gateway "main" \(https:\/\/127/);
      for (const secret of [API_KEY, CLIENT_SECRET, CONFIG.api_key]) {
        expect(everythingOf(error)).not.toContain(secret);
      }
    },
  );

  describe('listAdministrators', () => {
    it('should list the addresses of active administrators', async () => {
      server.answer(200, [
        { id: '1', email: 'jane@company', role: 'admin', status: 'active' },
        { id: '2', email: 'bob@company', role: 'standard', status: 'active' },
        { id: '3', email: 'eve@company', role: 'admin', status: 'inactive' },
        { id: '4', email: '', role: 'admin', status: 'active' },
        { id: '5', email: null, role: 'admin', status: 'active', new: true },
        { id: 'A@b', email: 'A@b', role: 'admin', status: 'active' },
      ]);
      const client = create(API_KEY);
      expect(await client.listAdministrators()).toEqual([
        { email: 'jane@company', isLocal: false },
        { email: 'A@b', isLocal: true },
      ]);
      expect(server.last).toMatchObject({ method: 'GET', path: '/api/users' });
    });

    it.each([
      [401, { message: `access denied for ${API_KEY}` }],
      [200, { users: ['jane@company'] }],
    ])(
      'should repeat nothing of a response %d that is not a list',
      async (status, body) => {
        server.answer(status, body);
        const error = await failureOf(create(API_KEY).listAdministrators());
        expect(error.name).toBe('ServiceUnavailableError');
        expect(error.message).toMatch(
          /expected the list of users|unexpected response format: the body/,
        );
        expect(everythingOf(error)).not.toContain(API_KEY);
        expect(everythingOf(error)).not.toContain('jane@company');
      },
    );

    it('should explain what a key from the environment has to begin with', async () => {
      server.answer(500, { message: 'failed listing users' });
      await expect(create('random').listAdministrators()).rejects.toThrow(
        /found 500.*: an apiKey in app-config that is the API_KEY of the gateway has to begin with its organization/,
      );
      await expect(create('org|random').listAdministrators()).rejects.toThrow(
        'check that the gateway accepts its apiKey',
      );
    });

    it('should require a key', async () => {
      await expect(create().listAdministrators()).rejects.toThrow(
        "Set the gateway's apiKey in app-config.",
      );
    });
  });
});
