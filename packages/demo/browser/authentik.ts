import type { SandboxProcess } from 'sandbox';

type Authentik = Pick<SandboxProcess, 'authentik' | 'gateway'>;

interface Provider {
  pk: number;
  redirect_uris: Array<{ matching_mode: string; url: string }>;
}

/** Does what an administrator does by mistake: changes where the sign-in leads, to what is returned. */
export async function breakRedirectUri(sandbox: Authentik): Promise<string> {
  const { results } = await call<{ results: Provider[] }>(
    sandbox,
    'GET',
    '/providers/oauth2/',
  );
  const provider = results.find(({ redirect_uris: uris }) =>
    uris.some(({ url }) => url.startsWith(sandbox.gateway.url)),
  );
  if (!provider) {
    throw new Error('No provider of the sandbox leads to its gateway');
  }
  const url = 'https://gateway.example.com/api/callback';
  await call(sandbox, 'PATCH', `/providers/oauth2/${provider.pk}/`, {
    redirect_uris: [{ matching_mode: 'strict', url }],
  });
  return url;
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
