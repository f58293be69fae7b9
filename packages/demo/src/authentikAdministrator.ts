import type { SandboxProcess } from 'sandbox';

type Authentik = Pick<SandboxProcess, 'authentik'>;

/** Does what an administrator does in authentik: changes where the sign-in of the gateway may lead. */
export async function setRedirectUris(
  sandbox: Authentik,
  urls: string[],
): Promise<void> {
  const { provider } = await call<{ provider: number }>(
    sandbox,
    'GET',
    '/core/applications/hoop/',
  );
  await call(sandbox, 'PATCH', `/providers/oauth2/${provider}/`, {
    redirect_uris: urls.map(url => ({ matching_mode: 'strict', url })),
  });
}

async function call<T>(
  { authentik }: Authentik,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${authentik.url}/api/v3${path}`, {
    method,
    headers: {
      authorization: `Bearer ${authentik.tokens.admin}`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`authentik: ${method} ${path} answers ${response.status}`);
  }
  return response.json();
}
