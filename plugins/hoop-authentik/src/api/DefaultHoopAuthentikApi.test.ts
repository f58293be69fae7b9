import { integrations } from '../__fixtures__/integrations';
import { DefaultHoopAuthentikApi } from './DefaultHoopAuthentikApi';

const REF = 'component:default/connected';

function setup(answer: Response) {
  const fetch = jest.fn(async () => answer);
  return { fetch, api: new DefaultHoopAuthentikApi({ fetchApi: { fetch } }) };
}

function json(status: number, body: unknown) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

function errorBody(statusCode: number, name: string, message: string) {
  return { error: { name, message }, response: { statusCode } };
}

describe('DefaultHoopAuthentikApi', () => {
  it('should read the integration of an entity', async () => {
    const { api, fetch } = setup(json(200, integrations.connected));
    const { signal } = new AbortController();

    await expect(api.getIntegration(REF, { signal })).resolves.toEqual(
      integrations.connected,
    );
    expect(fetch).toHaveBeenCalledWith(
      'plugin://hoop-authentik/integrations/by-entity/component/default/connected',
      { signal },
    );
  });

  it('should take a compound reference and encode its parts', async () => {
    const { api, fetch } = setup(json(200, integrations.connected));

    await api.getIntegration({
      kind: 'Component',
      namespace: 'Team A',
      name: 'a/b',
    });

    expect(fetch).toHaveBeenCalledWith(
      'plugin://hoop-authentik/integrations/by-entity/component/team%20a/a%2Fb',
      { signal: undefined },
    );
  });

  it.each([
    [403, 'NotAllowedError', 'Unauthorized'],
    [404, 'NotFoundError', 'No gateway named production'],
    [503, 'ServiceUnavailableError', 'authentik does not answer'],
  ])('should report a %d as a ResponseError', async (code, name, message) => {
    const { api } = setup(json(code, errorBody(code, name, message)));

    await expect(api.getIntegration(REF)).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: code,
      cause: { name, message },
    });
  });

  it('should name the fields that do not fit, without their values', async () => {
    const { api } = setup(
      json(200, { ...integrations.connected, state: 'classified' }),
    );

    const error = await api.getIntegration(REF).catch(e => e);

    expect(error.message).toContain('unexpected form (state)');
    expect(error.message).not.toContain('classified');
  });

  it('should reject an answer that is not JSON', async () => {
    const { api } = setup(new Response('<html></html>', { status: 200 }));

    await expect(api.getIntegration(REF)).rejects.toThrow(
      'unexpected form (body)',
    );
  });

  it('should drop every field that is not in the schema', async () => {
    const { api } = setup(
      json(200, {
        ...integrations.connected,
        clientSecret: 'planted-secret',
        application: {
          ...integrations.connected.application,
          client_secret: 'planted-secret',
        },
        checks: [
          { ...integrations.connected.checks[0], token: 'planted-secret' },
        ],
      }),
    );

    const integration = await api.getIntegration(REF);

    expect(JSON.stringify(integration)).not.toContain('planted-secret');
  });
});
