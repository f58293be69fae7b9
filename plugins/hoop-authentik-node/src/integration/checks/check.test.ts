import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { AuthentikPermissionError } from '../../systems/authentik';
import { errorFromAnswer } from '../../systems/authentik/errors';
import { authConfigError } from '../../systems/hoop/authConfigErrors';
import { errorFromStatus } from '../../systems/kubernetes/client/errors';
import { SecretValue } from '../../core';
import { readSnapshot } from '../../targets/kubernetes/read/snapshot';
import { FakeKubernetesClient } from '../../targets/kubernetes/__testUtils__/FakeKubernetesClient';
import {
  CONFIG,
  configMapOf,
  PLAIN_DATA,
} from '../../targets/kubernetes/__testUtils__/gatewayObjects';
import { UnusableSigningKeyError } from '../observe/UnusableSigningKeyError';
import { MAKE_REACHABLE, withValue } from './check';

const SECRET = 'a-very-secret-value';

const findingOf = (error: unknown) =>
  withValue({ ok: false, error: error as Error }, () => ({ status: 'pass' }));

const readError = (
  config: Partial<typeof CONFIG>,
  client = new FakeKubernetesClient(),
) => readSnapshot(client, { ...CONFIG, ...config }).catch(error => error);

const SEVERAL = ['a', 'b'];

const CASES: Array<[string, () => unknown, RegExp, string]> = [
  [
    'a token that authentik refuses',
    () =>
      errorFromAnswer(
        {
          system: 'authentik',
          method: 'GET',
          path: '/x',
          secrets: [new SecretValue(SECRET)],
        },
        {
          status: 403,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ detail: `Token invalid/expired ${SECRET}` }),
        },
      ),
    /rejected the API token \(.*\)\.$/,
    'Set hoopAuthentik.authentik[].token to a valid API token (intent api, of an active user).',
  ],
  [
    'a Deployment that is not there',
    () => readError({ deployment: 'nope' }),
    /^The Deployment "nope" does not exist in .*\.$/,
    "Check namespace and deployment of the gateway's target in app-config.",
  ],
  [
    'a container that is not there',
    () => readError({ container: 'nope' }),
    /has no container "nope"; found "hoopgateway"\.$/,
    "Name the gateway's container in its target in app-config.",
  ],
  [
    'several ConfigMaps that carry settings',
    () =>
      readError(
        { configMap: undefined },
        new FakeKubernetesClient(
          { envFrom: SEVERAL.map(name => ({ configMapRef: { name } })) },
          SEVERAL.map(name => configMapOf(PLAIN_DATA, name)),
        ),
      ),
    /^Several ConfigMaps .* carry settings of the gateway: "a", "b"; expected one\.$/,
    'Name the right one as "configMap" of the gateway\'s target in app-config.',
  ],
  [
    'credentials that the cluster refuses',
    () =>
      errorFromStatus(
        { server: 's', verb: 'get', resource: 'secrets', namespace: 'hoop' },
        { code: 401, reason: 'Unauthorized', message: '', causes: [] },
      ),
    /does not accept the configured credentials/,
    'Check that the token or certificate configured for the cluster is valid and has not expired, then refresh.',
  ],
  [
    'a right that the cluster does not give',
    () =>
      errorFromStatus(
        { server: 's', verb: 'get', resource: 'secrets', namespace: 'hoop' },
        { code: 403, reason: 'Forbidden', message: '', causes: [] },
      ),
    /cannot get secrets/,
    'Give the account that this backend uses in the cluster the right to get secrets in namespace "hoop", then refresh.',
  ],
  ...[401, 403].map((status): (typeof CASES)[number] => [
    `an API key that the gateway answers ${status}`,
    () =>
      authConfigError(
        {
          system: 'gateway',
          method: 'GET',
          path: '/x',
          secrets: [new SecretValue(SECRET)],
        },
        { status, message: SECRET },
      ),
    /API key/,
    "Set the gateway's apiKey in app-config to the key of a gateway administrator.",
  ]),
  [
    'another wrong setting',
    () => new InputError('No such cluster.'),
    /^No such cluster\.$/,
    'Put right in app-config or in the system itself what this names, then refresh.',
  ],
  [
    'a system that does not answer',
    () => new ServiceUnavailableError('no route'),
    /^no route$/,
    MAKE_REACHABLE,
  ],
];

describe('withValue', () => {
  it.each(CASES)(
    'should say what to do about %s',
    async (_, errorOf, actual, remedy) => {
      const finding = findingOf(await errorOf());
      expect(finding).toEqual({
        status: 'unknown',
        actual: expect.stringMatching(actual),
        remedy,
      });
      expect(JSON.stringify(finding)).not.toContain(SECRET);
    },
  );

  it('should leave to the check of its own what that explains', () => {
    for (const error of [
      new AuthentikPermissionError('no', 'authentik_core.view_group'),
      new UnusableSigningKeyError('server error', 'ed25519'),
    ]) {
      expect(findingOf(error)).toMatchObject({ status: 'skipped' });
    }
  });
});
