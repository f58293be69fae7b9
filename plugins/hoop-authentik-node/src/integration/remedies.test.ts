import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { CauseId } from 'backstage-plugin-hoop-authentik-common';
import { ForeignTextFormatter, SecretValue, withFailure } from '../core';
import { answerOf } from '../http/__testUtils__/answerOf';
import { AuthentikServerError } from '../systems/authentik';
import { errorFromAnswer } from '../systems/authentik/errors';
import { authConfigError } from '../systems/hoop/authConfigErrors';
import { errorFromStatus } from '../systems/kubernetes/client/errors';
import { readSnapshot } from '../targets/kubernetes/read/snapshot';
import { FakeKubernetesClient } from '../targets/kubernetes/__testUtils__/FakeKubernetesClient';
import { CONFIG } from '../targets/kubernetes/__testUtils__/gatewayObjects';
import { found } from './__testUtils__/failures';
import { withAuthentik } from './__testUtils__/goodObservation';
import { UnusableSigningKeyError } from './observe';
import { describeProblems } from './problems';
import type { Observation } from './types';

const SECRET = 'a-very-secret-value';

describe('the remedy of a problem', () => {
  const authentikAnswers = (status: number, detail?: string) =>
    errorFromAnswer(
      {
        system: 'authentik',
        method: 'GET',
        path: '/x',
        tokenAccepted: false,
        secrets: [new SecretValue(SECRET)],
      },
      answerOf({ status, body: detail ? { detail } : {} }),
    );
  const clusterAnswers = (code: number) =>
    errorFromStatus(
      { server: 's', verb: 'get', resource: 'secrets', namespace: 'hoop' },
      { code, reason: 'Reason', message: '', causes: [] },
      new ForeignTextFormatter(),
    );
  const gatewayAnswers = (status: number) =>
    authConfigError(
      {
        system: 'gateway',
        method: 'GET',
        path: '/x',
      },
      answerOf({ status, body: { message: SECRET } }),
    );
  const networkError = (code: string, status?: number) =>
    withFailure(new ServiceUnavailableError(`no answer (${code})`), {
      kind: 'unreachable',
      ...(status ? { status } : { code }),
    });
  const nowhere = () =>
    readSnapshot(new FakeKubernetesClient(), {
      ...CONFIG,
      deployment: 'nope',
    }).catch(error => error);

  const authentik: Array<[CauseId, () => unknown, string | RegExp]> = [
    ['authentik.unreachable', () => networkError('ECONNREFUSED'), 'listens'],
    ['authentik.unreachable', () => networkError('ENOTFOUND'), 'resolved'],
    ['authentik.unreachable', () => networkError('EAI_AGAIN'), 'resolved'],
    ['authentik.unreachable', () => networkError('TimeoutError'), 'in time'],
    [
      'authentik.unreachable',
      () => networkError('SELF_SIGNED_CERT_IN_CHAIN'),
      'caFile of the authentik instance',
    ],
    [
      'authentik.unreachable',
      () => networkError('ERR_TLS_CERT_ALTNAME_INVALID'),
      'The certificate is not accepted',
    ],
    ['authentik.unreachable', () => networkError('ECONNRESET'), 'broke off'],
    ['authentik.unreachable', () => authentikAnswers(502), 'A proxy answers'],
    [
      'authentik.token-refused',
      () => authentikAnswers(403, `Token invalid/expired ${SECRET}`),
      'Set hoopAuthentik.authentik[].token to a valid API token (intent api, of an active user).',
    ],
    [
      'authentik.token-refused',
      () => authentikAnswers(401, 'no'),
      'to a valid API token',
    ],
    ['authentik.overloaded', () => authentikAnswers(429), 'Wait until'],
    ['authentik.overloaded', () => authentikAnswers(503), 'Wait until'],
    ['authentik.server-error', () => authentikAnswers(500), 'Read the log'],
    [
      'authentik.server-error',
      () => new AuthentikServerError('over a signing key'),
      'Read the log',
    ],
    ['authentik.unexpected-answer', () => authentikAnswers(302), 'public URL'],
    ['authentik.misconfigured', () => authentikAnswers(400, 'x'), 'Correct'],
  ];
  const kubernetes: typeof authentik = [
    ['kubernetes.unreachable', () => networkError('ECONNREFUSED'), 'listens'],
    ['kubernetes.token-refused', () => clusterAnswers(401), 'has not expired'],
    [
      'kubernetes.forbidden',
      () => clusterAnswers(403),
      'the right to get secrets in namespace "hoop"',
    ],
    ['kubernetes.overloaded', () => clusterAnswers(429), 'Wait until'],
    ['kubernetes.server-error', () => clusterAnswers(500), 'control plane'],
    [
      'kubernetes.misconfigured',
      nowhere,
      "Check namespace and deployment of the gateway's target in app-config.",
    ],
    [
      'kubernetes.misconfigured',
      () => new InputError('No such cluster.'),
      'Correct what the error names',
    ],
  ];
  const gateway: typeof authentik = [
    ['gateway.unreachable', () => networkError('ECONNREFUSED'), 'listens'],
    ['gateway.unreachable', () => networkError('', 503), 'A proxy answers'],
    [
      'gateway.key-refused',
      () => gatewayAnswers(401),
      'apiKey in app-config to the key of a gateway administrator',
    ],
    ['gateway.key-refused', () => gatewayAnswers(403), 'apiKey'],
    ['gateway.server-error', () => gatewayAnswers(500), 'Read the log'],
  ];

  it.each([
    ...authentik.map(one => ['clientSecret', ...one] as const),
    ...kubernetes.map(one => ['target', ...one] as const),
    ...gateway.map(one => ['authConfig', ...one] as const),
  ])(
    'should fit a failure over %s: %s (%#)',
    async (fact, id, errorOf, remedy) => {
      const failure: Observation<never> = {
        ok: false,
        error: (await errorOf()) as Error,
      };
      const { checks, problems } = found(observed => {
        if (fact === 'target') {
          observed.target = failure;
        } else if (fact === 'authConfig') {
          observed.gateway.authConfig = failure;
        } else {
          observed.authentik.clientSecret = failure;
        }
      });
      expect(problems).toEqual([
        expect.objectContaining({
          id,
          error: expect.any(String),
          remedy: expect.stringMatching(/^[A-Z].*\.$/),
        }),
      ]);
      expect(problems[0].remedy).toContain(remedy);
      const said = describeProblems(problems, checks);
      expect(said.split(problems[0].remedy)).toHaveLength(2);
      expect(`${JSON.stringify(problems)}${said}`).not.toContain(SECRET);
    },
  );

  it('should leave to the check of its own what a signing key explains', () => {
    const failure: Observation<never> = {
      ok: false,
      error: new UnusableSigningKeyError('server error', 'ed25519'),
    };
    const { problems } = found(
      withAuthentik({ discovery: failure, keys: failure }),
    );
    expect(problems.map(({ id }) => id)).toEqual(['authentik.signing-key']);
  });
});
