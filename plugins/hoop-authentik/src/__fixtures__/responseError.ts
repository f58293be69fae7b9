import { ResponseError } from '@backstage/errors';

/** The error a client of the backend gets for a refused or failed request. */
export function responseError(
  statusCode: number,
  name: string,
  message: string,
): Promise<ResponseError> {
  return ResponseError.fromResponse({
    ok: false,
    status: statusCode,
    statusText: name,
    url: 'http://localhost:7007/api/hoop-authentik/integrations/by-entity/component/default/example',
    type: 'basic',
    redirected: false,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () =>
      JSON.stringify({
        error: { name, message },
        response: { statusCode },
      }),
  });
}
