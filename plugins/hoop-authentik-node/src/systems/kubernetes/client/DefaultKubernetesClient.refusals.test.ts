import type { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { KubernetesForbiddenError } from './errors';
import {
  IDP_SECRET,
  IDP_SECRET_ENCODED,
  IDP_SECRET_VALUE,
  status,
  TOKEN,
} from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { everythingOf, failureOf } from '../__testUtils__/failure';
import { LoopbackServer } from '../__testUtils__/LoopbackServer';

describe('what the API server refuses DefaultKubernetesClient', () => {
  let server: LoopbackServer;
  let client: DefaultKubernetesClient;

  beforeEach(async () => {
    server = await LoopbackServer.start();
    client = clientOf(server);
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  const patch = () =>
    client.patch('Secret', 'hoop', 'idp', { type: 'merge', body: IDP_SECRET });

  it.each<[number, object | string, string, RegExp]>([
    [
      400,
      status(
        400,
        'BadRequest',
        'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
      ),
      'InputError',
      /cannot patch secrets "idp" in namespace "hoop" \(https:.*illegal base64 data/,
    ],
    [
      401,
      status(401, 'Unauthorized', 'Unauthorized'),
      'ServiceUnavailableError',
      /does not accept the configured credentials/,
    ],
    [
      404,
      status(404, 'NotFound', 'secrets "idp" not found'),
      'NotFoundError',
      /secrets "idp" not found/,
    ],
    [
      409,
      status(
        409,
        'Conflict',
        'Operation cannot be fulfilled on secrets "idp": the object has been modified',
      ),
      'ConflictError',
      /has been modified/,
    ],
    [
      410,
      status(410, 'Expired', 'too old resource version: 1 (9)'),
      'ConflictError',
      /expired/,
    ],
    [
      413,
      status(413, 'RequestEntityTooLarge', 'limit is 3145728'),
      'InputError',
      /limit is/,
    ],
    [
      415,
      status(415, 'UnsupportedMediaType', 'use one of'),
      'ServiceUnavailableError',
      /answered 415/,
    ],
    [
      422,
      status(422, 'Invalid', 'Secret "idp" is invalid', {
        causes: [
          {
            reason: 'FieldValueForbidden',
            message: 'Forbidden: field is immutable when `immutable` is set',
            field: 'data',
          },
        ],
      }),
      'InputError',
      /data: Forbidden: field is immutable/,
    ],
    [
      429,
      status(429, 'TooManyRequests', 'slow down'),
      'ServiceUnavailableError',
      /too busy \(429: “slow down”\)/,
    ],
    [
      500,
      status(500, 'InternalError', 'etcd is ill'),
      'ServiceUnavailableError',
      /answered 500: “etcd is ill”/,
    ],
    [
      503,
      'upstream connect error',
      'ServiceUnavailableError',
      /found 503 with text\/plain/,
    ],
    [
      404,
      '404 page not found',
      'ServiceUnavailableError',
      /found 404 with text\/plain/,
    ],
    [302, '', 'ServiceUnavailableError', /found 302/],
    [200, 'ok', 'ServiceUnavailableError', /found 200 with text\/plain/],
    [
      200,
      { kind: 'List', items: [] },
      'ServiceUnavailableError',
      /expected a Secret, found other JSON/,
    ],
  ])('should turn %d %j into a %s', async (code, body, name, message) => {
    server.answer(code, body);
    const error = await failureOf(patch());
    expect(error.name).toBe(name);
    expect(error.message).toMatch(message);
    expect(error).not.toHaveProperty('status');
    expect(error).not.toHaveProperty('statusCode');
    expect(error).not.toHaveProperty('code');
  });

  it.each([
    'admission webhook "policy.example.com" denied the request: settings are changed in Git',
    `configmaps "w1" is forbidden: ValidatingAdmissionPolicy 'plain' with binding 'all' denied request: a ticket is missing`,
  ])('should repeat %s, whatever code was chosen', async said => {
    for (const code of [400, 403, 404, 409, 422, 429, 500]) {
      const { code: _, ...withoutCode } = status(code, '', said);
      for (const body of [status(code, 'Invalid', said), withoutCode]) {
        server.answer(code, body);
        const error = await failureOf(patch());
        expect(KubernetesForbiddenError.is(error)).toBe(true);
        expect(error).toMatchObject({ byAdmission: true });
        expect(error.message).toBe(
          `cannot patch secrets "idp" in namespace "hoop" (${server.url}): ${code}: “${said}”`,
        );
      }
    }
  });

  it('should name a webhook that supports no dry run', async () => {
    const said =
      'admission webhook "effects.example.com" does not support dry run';
    server.answer(400, status(400, 'BadRequest', said));
    expect(await failureOf(patch())).toMatchObject({
      name: 'InputError',
      message: `cannot patch secrets "idp" in namespace "hoop" (${server.url}): 400: “${said}”`,
    });
    server.answer(
      400,
      status(400, 'BadRequest', `${said} of "${IDP_SECRET_VALUE}"`),
    );
    expect((await failureOf(patch())).message).toMatch(
      /: 400: “admission webhook "…" does not support dry run of "…"”$/,
    );
  });

  it('should distinguish a missing right from a quota', async () => {
    server.answer(
      403,
      status(
        403,
        'Forbidden',
        'secrets "idp" is forbidden: exceeded quota: few',
      ),
    );
    expect(await failureOf(patch())).toMatchObject({ byAdmission: true });
    server.answer(
      403,
      status(403, 'Forbidden', 'User "a" cannot patch resource "secrets"'),
    );
    expect(await failureOf(patch())).toMatchObject({ byAdmission: false });
  });

  it('should not quote the page of a proxy', async () => {
    server.answer(502, '<html>bad gateway</html>', {
      'content-type': 'text/html; charset=utf-8',
    });
    const error = await failureOf(patch());
    expect(error.message).toMatch(/found 502 with text\/html$/);
  });

  it('should name the verb and the resource that RBAC refuses', async () => {
    const said =
      'secrets "idp" is forbidden: User "system:serviceaccount:portal:backstage" cannot patch resource "secrets"';
    server.answer(403, status(403, 'Forbidden', said));
    const error = await failureOf(patch());
    expect(KubernetesForbiddenError.is(error)).toBe(true);
    expect(KubernetesForbiddenError.is(new Error('x'))).toBe(false);
    expect(error).toMatchObject({
      name: 'ServiceUnavailableError',
      verb: 'patch',
      resource: 'secrets',
      namespace: 'hoop',
      objectName: 'idp',
    });
    expect(error.message).toContain(said);
    server.answer(403, '<html/>', { 'content-type': 'text/html' });
    expect(KubernetesForbiddenError.is(await failureOf(patch()))).toBe(true);
  });

  it('should show no value and no token, whatever the server quotes', async () => {
    const quoted = [
      `Secret "idp" is invalid: data[X]: Invalid value: "${IDP_SECRET_VALUE}": no`,
      `error decoding patch: ... error found in #10 byte of ...|"${IDP_SECRET_ENCODED}"}|..., bigger context ...|{"data":{"X":"${IDP_SECRET_ENCODED}"|...`,
      `admission webhook "policy" denied the request: ${IDP_SECRET_VALUE} / ${IDP_SECRET_ENCODED}`,
    ];
    for (const code of [400, 403, 409, 422, 429, 500]) {
      for (const text of quoted) {
        server.answer(
          code,
          status(code, 'Bad', text, {
            causes: [
              {
                field: 'data[X]',
                reason: 'FieldValueInvalid',
                message: text,
              },
            ],
          }),
        );
        const printed = everythingOf(await failureOf(patch()));
        expect(printed).not.toContain(IDP_SECRET_VALUE);
        expect(printed).not.toContain(IDP_SECRET_ENCODED);
        expect(printed).not.toContain(TOKEN);
      }
    }
    server.answer(200, `{"data": "${IDP_SECRET_VALUE}`, {
      'content-type': 'application/json',
    });
    expect(
      everythingOf(await failureOf(client.get('Secret', 'hoop', 'idp'))),
    ).not.toContain(IDP_SECRET_VALUE);
    expect(everythingOf(client)).not.toContain(TOKEN);
  });

  it('should show no piece of a value, and let the server forge no log line', async () => {
    const forged = `denied: ${IDP_SECRET_VALUE.slice(
      0,
      18,
    )}… ${IDP_SECRET_ENCODED.slice(
      2,
      20,
    )}\n2026-01-01 info: all is well\u001b[2J`;
    server.answer(403, status(403, 'Forbidden', forged));
    const { message } = await failureOf(patch());
    expect(message).toMatch(
      /: 403: “denied: <value>… .{0,4}<value>.{0,4} 2026-01-01 info: all is well”$/,
    );
  });

  it('should not quote the environment of a refused Deployment', async () => {
    const message = `Deployment.apps "g" is invalid: spec.template.spec.containers[0].env[0].valueFrom: Invalid value: core.EnvVar{Name:"X", Value:"abc"}: may not be specified when \`value\` is not empty`;
    server.answer(422, status(422, 'Invalid', message));
    const error = await failureOf(
      client.patch('Deployment', 'hoop', 'g', {
        type: 'strategic',
        body: {},
      }),
    );
    expect(error.message).not.toContain('abc');
    expect(error.message).toContain('may not be specified when');
  });

  it('should pass on other failures of a deletion and a listing', async () => {
    server.answer(409, status(409, 'Conflict', 'the precondition failed'));
    await expect(
      client.delete('Secret', 'hoop', 'idp', { resourceVersion: '1' }),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    server.answer(403, status(403, 'Forbidden', 'pods is forbidden'));
    expect(
      KubernetesForbiddenError.is(
        await failureOf(client.list('Pod', 'hoop', {})),
      ),
    ).toBe(true);
  });
});
