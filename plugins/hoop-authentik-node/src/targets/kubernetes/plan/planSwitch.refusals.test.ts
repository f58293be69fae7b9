import { planSwitch } from './planSwitch';
import {
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
  SETTINGS,
  snapshotOf,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';

describe('what planSwitch refuses', () => {
  const other = configMapOf({ IDP_ISSUER: 'https://other/' }, 'other');

  it.each([
    [
      'a later object has the last word',
      switchedSnapshot({
        container: {
          envFrom: [...OWN_REFERENCES, { configMapRef: { name: 'other' } }],
        },
        configMaps: [configMapOf(PLAIN_DATA), other],
      }),
      'IDP_ISSUER would still be set by key "IDP_ISSUER" of ConfigMap "other" (envFrom[2]). Remove it there.',
    ],
    [
      'the container itself has the last word',
      snapshotOf({
        container: { env: [{ name: 'AUTH_METHOD', value: 'local' }] },
      }),
      'AUTH_METHOD would still be set by a value in the container itself (env[0]). Remove it there.',
    ],
    [
      'IDP_URI is set',
      snapshotOf({
        container: {
          env: [{ name: 'IDP_URI', value: 'https://id:pw@idp.company' }],
        },
      }),
      'IDP_URI is set by a value in the container itself (env[0]). Remove IDP_URI there',
    ],
    [
      'IDP_URI is set by a Secret that is read after our objects',
      switchedSnapshot({
        container: {
          envFrom: [...OWN_REFERENCES, { secretRef: { name: 'other' } }],
        },
        secrets: [
          secretOf(SECRET_DATA),
          secretOf({ IDP_URI: 'https://id:pw@idp.company' }, 'other'),
        ],
      }),
      'IDP_URI is set by key "IDP_URI" of Secret "other" (envFrom[2])',
    ],
    [
      'the settings and their secret have changed places',
      switchedSnapshot({
        container: {
          env: [{ name: 'AUTH_METHOD', value: 'oidc' }],
          envFrom: OWN_REFERENCES,
        },
        configMaps: [configMapOf(SECRET_DATA)],
        secrets: [secretOf(PLAIN_DATA)],
      }),
      'The settings are spread over their objects so that no order of the writes keeps the gateway able to start',
    ],
    [
      'the container takes a key by valueFrom from elsewhere',
      switchedSnapshot({
        container: {
          envFrom: OWN_REFERENCES,
          env: [
            {
              name: 'IDP_CLIENT_SECRET',
              valueFrom: { secretKeyRef: { name: 'shared', key: 'hoop' } },
            },
          ],
        },
        secrets: [
          secretOf(SECRET_DATA),
          secretOf({ hoop: 'another-secret' }, 'shared'),
        ],
      }),
      'remove the entry IDP_CLIENT_SECRET from env of the container.',
    ],
    [
      'the Deployment is paused',
      snapshotOf({ deployment: { paused: true } }),
      'The Deployment "hoopgateway" in namespace "hoop" is paused',
    ],
    [
      'there are no replicas',
      snapshotOf({ deployment: { replicas: 0 } }),
      'is scaled to 0 replicas',
    ],
    [
      'another object is missing',
      snapshotOf({
        container: { envFrom: [{ secretRef: { name: 'gone' } }] },
      }),
      'The gateway would not start with its environment: Secret "gone" does not exist (envFrom[0])',
    ],
    [
      'a key is missing',
      snapshotOf({
        container: {
          env: [
            {
              name: 'POSTGRES_DB_URI',
              valueFrom: { secretKeyRef: { name: 'other', key: 'uri' } },
            },
          ],
        },
        secrets: [secretOf({}, 'other')],
      }),
      'Secret "other" has no key "uri"',
    ],
    [
      'the gateway cannot read another variable',
      snapshotOf({
        container: { env: [{ name: 'API_URL', value: 'https://a b' }] },
      }),
      'would not start with its environment: failed loading gateway configuration, reason=failed parsing API_URL env',
    ],
  ])('should refuse where %s', (_, snapshot, message) => {
    const { refusals } = planSwitch(snapshot, CONFIG, SETTINGS);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain(message);
  });

  it.each([
    [
      'an earlier object sets the same',
      snapshotOf({
        container: { envFrom: [{ configMapRef: { name: 'other' } }] },
        configMaps: [other],
      }),
    ],
    [
      'IDP_URI is empty',
      snapshotOf({ container: { env: [{ name: 'IDP_URI', value: '' }] } }),
    ],
    [
      'a missing object is optional',
      snapshotOf({
        container: {
          envFrom: [{ secretRef: { name: 'gone', optional: true } }],
        },
      }),
    ],
    [
      'an immutable object needs no change',
      switchedSnapshot({
        configMaps: [{ ...configMapOf(PLAIN_DATA), immutable: true }],
      }),
    ],
    [
      'the settings and their secret have changed places',
      switchedSnapshot({
        configMaps: [configMapOf(SECRET_DATA)],
        secrets: [secretOf(PLAIN_DATA)],
      }),
    ],
    [
      'the container repeats what is wanted',
      snapshotOf({
        container: { env: [{ name: 'AUTH_METHOD', value: 'oidc' }] },
      }),
    ],
  ])('should not refuse where %s', (_, snapshot) => {
    expect(planSwitch(snapshot, CONFIG, SETTINGS).refusals).toEqual([]);
  });
});
