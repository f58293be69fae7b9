import { SecretValue } from '../../../core';
import {
  type ClosableAuthentikClient,
  createAuthentikClient,
} from '../createAuthentikClient';
import { TOKEN } from './everyMethod';
import { recorded, type RecordedName, type RecordedVersion } from './fixtures';
import {
  startServer,
  type CannedAnswer,
  type ReceivedRequest,
  type TestServer,
} from '../../../http/__testUtils__/startServer';

/**
 * The body of a list, to be changed for a test.
 *
 * @internal
 */
export interface ListBody {
  pagination: Record<string, number>;
  results: Array<Record<string, unknown>>;
}

/**
 * Starts a server and a client of it before each test, and closes both after it.
 *
 * @internal
 */
export function useRecordedServer(version: RecordedVersion): {
  server: () => TestServer;
  client: () => ClosableAuthentikClient;
  /** Answers the version as recorded and everything else as given. */
  answer: (what: RecordedName | CannedAnswer) => void;
  lastRequest: () => ReceivedRequest;
} {
  let server: TestServer;
  let client: ClosableAuthentikClient;

  beforeEach(async () => {
    server = await startServer();
    client = createAuthentikClient({
      name: 'main',
      baseUrl: `${server.url}/`,
      token: new SecretValue(TOKEN),
    });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  return {
    server: () => server,
    client: () => client,
    answer(what) {
      const given = typeof what === 'string' ? recorded(version, what) : what;
      server.respond(({ path }) =>
        path === '/api/v3/admin/version/'
          ? recorded(version, 'version')
          : given,
      );
    },
    lastRequest: () => server.requests[server.requests.length - 1],
  };
}
