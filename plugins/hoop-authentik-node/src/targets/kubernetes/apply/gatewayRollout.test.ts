import { redactorOf } from './gatewayRollout';
import {
  configMapOf,
  secretOf,
  snapshotOf,
} from '../__testUtils__/gatewayObjects';

const SECRET = 'Zq3vT9-client/secret+of&the=gateway';

describe('redactorOf', () => {
  const redact = redactorOf(
    snapshotOf({
      container: {
        env: [
          { name: 'PGPASSWORD', value: 'of-the-container' },
          { name: 'DSN', value: "host=db.company password='of the dsn' x=y" },
        ],
        envFrom: [
          { configMapRef: { name: 'plain' } },
          { secretRef: { name: 'own' } },
        ],
      },
      configMaps: [
        configMapOf(
          {
            POSTGRES_DB_URI: 'postgres://root:s3cret%2Fpw@db.company:5432/hoop',
            API_URL: 'https://hoop.company',
          },
          'plain',
        ),
      ],
      secrets: [
        secretOf(
          { A: SECRET, B: 'https://user:of-a-url@storage.company/x' },
          'own',
        ),
      ],
    }),
    undefined,
  );

  it.each([
    ['as it is', SECRET],
    ['encoded for a URL', encodeURIComponent(SECRET)],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    [
      'for Basic authentication',
      Buffer.from(`id:${SECRET}`).toString('base64'),
    ],
    ['cut off', SECRET.slice(-20)],
    ['of a database in a ConfigMap', 's3cret%2Fpw'],
    ['of a database, decoded', 's3cret/pw'],
    ['of the container', 'of-the-container'],
    ['of a connection string', 'of the dsn'],
    ['of a URL', 'of-a-url'],
  ])('should redact a secret %s', (_, secret) => {
    const text = redact(`fatal: failed with ${secret}.`);
    expect(text).toMatch(/^fatal: failed with .{0,4}<secret>.{0,4}$/);
  });

  it.each([
    'fatal: dial tcp db.company:5432: no route to host',
    'fatal: lookup storage.company: no such host',
    'fatal: https://hoop.company is not a URL of the issuer',
  ])('should leave "%s" as it is', text => {
    expect(redact(text)).toBe(text);
  });
});
