import { SecretValue } from '../../core';
import {
  startServer,
  type TestServer,
} from '../../http/__testUtils__/startServer';
import { createAuthentikClient } from '../authentik';
import { DefaultHoopClient } from './DefaultHoopClient';

// Reads are retried immediately.
jest.mock('../../http/retry', () => ({
  ...jest.requireActual('../../http/retry'),
  retryDelayMs: () => 0,
}));

describe('an answer from in front of a system', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const errorsFor = async (status: number, location?: string) => {
    server.respond(() => ({
      status,
      headers: {
        'content-type': 'text/html',
        ...(location ? { location } : {}),
      },
      body: '<html>hush-hush</html>',
    }));
    const authentik = createAuthentikClient({
      name: 'default',
      baseUrl: server.url,
      token: new SecretValue('the-token'),
    });
    const gateway = DefaultHoopClient.create({ name: 'prod', url: server.url });
    const errors = await Promise.all([
      authentik.getVersion().then(String, String),
      gateway.getInfo().then(String, String),
    ]);
    await Promise.all([authentik.close(), gateway.close()]);
    expect(errors.join()).not.toContain('hush-hush');
    return errors;
  };

  it.each([502, 504])('should be called %d, of a proxy', async status => {
    for (const error of await errorsFor(status)) {
      expect(error).toContain(`${status}`);
      expect(error).toMatch(
        /a proxy in front of (authentik|the gateway) got no answer/,
      );
    }
  });

  it('should not be called one of a proxy: 500', async () => {
    for (const error of await errorsFor(500)) {
      expect(error).toContain('500');
      expect(error).not.toContain('a proxy in front of');
    }
  });

  it.each([
    ['https://login.company/?next=hush-hush', 'https://login.company/'],
    ['/outpost.goauthentik.io/start', '/outpost.goauthentik.io/start'],
    ['https://hoop.company/', 'https://hoop.company/'],
  ])('should name where it redirects to: %s', async (location, shown) => {
    for (const error of await errorsFor(302, location)) {
      expect(error).toContain('302');
      expect(error).toContain(shown);
    }
  });
});
