import {
  IDP_SECRET,
  IDP_SECRET_VALUE,
  status,
  TOKEN,
} from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { everythingOf, failureOf } from '../__testUtils__/failure';
import { LoopbackServer } from '../__testUtils__/LoopbackServer';
import type { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { KubernetesForbiddenError } from './errors';

let server: LoopbackServer;
let client: DefaultKubernetesClient;

beforeAll(async () => {
  server = await LoopbackServer.start();
  client = clientOf(server);
});

afterAll(async () => {
  await server.stop();
  await client.close();
});

const patch = () =>
  client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: IDP_SECRET });

describe('A refusal by admission names who refused and why, whatever its status', () => {
  it.each<[string, number, string, string, RegExp]>([
    [
      'Kyverno, 400',
      400,
      'BadRequest',
      'admission webhook "validate.kyverno.svc-fail" denied the request: resource Secret/hoop/idp was blocked due to the following policies: require-labels',
      /validate\.kyverno\.svc-fail.*require-labels/,
    ],
    [
      'Gatekeeper, 403',
      403,
      'Forbidden',
      'admission webhook "validation.gatekeeper.sh" denied the request: [secrets-from-store] use an ExternalSecret',
      /validation\.gatekeeper\.sh.*\[secrets-from-store\] use an ExternalSecret/,
    ],
    [
      'a webhook of the company, 422',
      422,
      'Invalid',
      'admission webhook "guard.company.io" denied the request: no secrets by hand',
      /guard\.company\.io.*no secrets by hand/,
    ],
    [
      'a webhook without an explanation, 403',
      403,
      'Forbidden',
      'admission webhook "guard.company.io" denied the request without explanation',
      /guard\.company\.io.*without explanation/,
    ],
    [
      'a webhook that chose 404',
      404,
      'NotFound',
      'admission webhook "guard.company.io" denied the request: no such team',
      /guard\.company\.io.*no such team/,
    ],
    [
      'a webhook that chose 409',
      409,
      'Conflict',
      'admission webhook "guard.company.io" denied the request: freeze until Monday',
      /freeze until Monday/,
    ],
    [
      'a webhook that chose 401',
      401,
      'Unauthorized',
      'admission webhook "guard.company.io" denied the request: sign in first',
      /sign in first/,
    ],
    [
      'a ValidatingAdmissionPolicy, 422',
      422,
      'Invalid',
      "secrets \"idp\" is forbidden: ValidatingAdmissionPolicy 'no-edits' with binding 'all' denied request: edit the chart",
      /ValidatingAdmissionPolicy 'no-edits'.*edit the chart/,
    ],
    [
      'a quota, 403',
      403,
      'Forbidden',
      'secrets "idp" is forbidden: exceeded quota: small, requested: secrets=1, used: secrets=5, limited: secrets=5',
      /exceeded quota: small/,
    ],
    [
      'a namespace that is being deleted, 403',
      403,
      'Forbidden',
      'secrets "idp" is forbidden: unable to create new content in namespace hoop because it is being terminated',
      /because it is being terminated/,
    ],
    [
      'Pod Security, 403',
      403,
      'Forbidden',
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      /violates PodSecurity "restricted:latest"/,
    ],
  ])('%s', async (_, code, reason, message, words) => {
    server.answer(code, status(code, reason, message));
    const error = await failureOf(patch());
    expect(KubernetesForbiddenError.is(error)).toBe(true);
    expect(error).toMatchObject({ byAdmission: true });
    expect(error.message).toMatch(words);
    expect(error.message).toContain(`${code}: `);
  });

  it('a right that is missing is no admission', async () => {
    server.answer(
      403,
      status(
        403,
        'Forbidden',
        'secrets "idp" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "secrets"',
      ),
    );
    expect(await failureOf(patch())).toMatchObject({ byAdmission: false });
  }, 20_000);

  it('a webhook that is down is named', async () => {
    server.answer(
      500,
      status(
        500,
        'InternalError',
        'Internal error occurred: failed calling webhook "guard.company.io": failed to call webhook: Post "https://guard": no endpoints available',
      ),
    );
    const error = await failureOf(patch());
    expect(KubernetesForbiddenError.is(error)).toBe(false);
    expect(error.message).toMatch(
      /failed calling webhook "guard\.company\.io"/,
    );
  });
});

describe('What answers before the API server is named with its target', () => {
  it.each<[string, number, string, Record<string, string>, RegExp]>([
    [
      'a sign-in page, 302',
      302,
      '',
      { location: 'https://login.company/oauth?state=abc&secret=x' },
      /found 302, a redirect to https:\/\/login\.company\/oauth$/,
    ],
    [
      'another host, 307',
      307,
      '',
      { location: 'https://k8s.company/api' },
      /307, a redirect to https:\/\/k8s\.company\/api/,
    ],
    [
      'another path, 301',
      301,
      '',
      { location: '/ui/' },
      /301, a redirect to \/ui\//,
    ],
    [
      'an HTML page, 200',
      200,
      '<html>Sign in</html>',
      { 'content-type': 'text/html' },
      /expected an answer from the Kubernetes API, found 200 with text\/html/,
    ],
    [
      'an HTML page, 403',
      403,
      '<html>No</html>',
      { 'content-type': 'text/html' },
      /found 403 with text\/html/,
    ],
    [
      'an HTML page, 404',
      404,
      '<html>No</html>',
      { 'content-type': 'text/html' },
      /found 404 with text\/html/,
    ],
    [
      'a load balancer, 502',
      502,
      '<html>Bad Gateway</html>',
      { 'content-type': 'text/html' },
      /502/,
    ],
  ])(
    '%s',
    async (_, code, body, headers, words) => {
      server.answer(code, body, headers);
      const error = await failureOf(patch());
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(words);
      expect(error.message).toContain(server.url);
      expect(everythingOf(error)).not.toContain(TOKEN);
      expect(everythingOf(error)).not.toContain(IDP_SECRET_VALUE);
      expect(error.message).not.toContain('state=abc');
    },
    20_000,
  );
});
