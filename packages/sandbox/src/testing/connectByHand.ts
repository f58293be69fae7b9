import type { SandboxProcess } from './startSandboxProcess';

/** What a gateway needs to know about an application. @internal */
export interface HandmadeApplication {
  slug: string;
  providerId: number;
  settings: Record<string, string>;
}

async function authentikApi<T>(
  sandbox: SandboxProcess,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${sandbox.authentik.url}/api/v3${path}`, {
    method,
    headers: {
      authorization: `Bearer ${sandbox.authentik.token}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return JSON.parse(text);
}

interface Page<T> {
  results: T[];
}

/** Makes application and provider as the guide says, with nothing but the API of authentik. @internal */
export async function createApplicationByHand(
  sandbox: SandboxProcess,
  slug: string,
  changes: { provider?: Record<string, unknown> } = {},
): Promise<HandmadeApplication> {
  const flowOf = async (flow: string) => {
    const page = await authentikApi<Page<{ pk: string }>>(
      sandbox,
      'GET',
      `/flows/instances/?slug=${flow}`,
    );
    return page.results[0].pk;
  };
  const keys = await authentikApi<Page<{ pk: string }>>(
    sandbox,
    'GET',
    '/crypto/certificatekeypairs/?has_key=true',
  );
  const scopes = await authentikApi<Page<{ pk: string; scope_name: string }>>(
    sandbox,
    'GET',
    '/propertymappings/provider/scope/?page_size=100',
  );
  const provider = await authentikApi<{
    pk: number;
    client_id: string;
    client_secret: string;
  }>(sandbox, 'POST', '/providers/oauth2/', {
    name: `Provider for ${slug}`,
    authorization_flow: await flowOf(
      'default-provider-authorization-implicit-consent',
    ),
    invalidation_flow: await flowOf('default-provider-invalidation-flow'),
    client_type: 'confidential',
    redirect_uris: [
      {
        matching_mode: 'strict',
        url: `${sandbox.gateway.url}/api/callback`,
      },
    ],
    signing_key: keys.results[0].pk,
    property_mappings: scopes.results
      .filter(scope =>
        ['openid', 'email', 'profile'].includes(scope.scope_name),
      )
      .map(scope => scope.pk),
    grant_types: ['authorization_code', 'refresh_token'],
    ...changes.provider,
  });
  await authentikApi(sandbox, 'POST', '/core/applications/', {
    name: slug,
    slug,
    provider: provider.pk,
  });
  return {
    slug,
    providerId: provider.pk,
    settings: {
      AUTH_METHOD: 'oidc',
      IDP_CLIENT_ID: provider.client_id,
      IDP_CLIENT_SECRET: provider.client_secret,
      IDP_GROUPS_CLAIM: 'groups',
      IDP_ISSUER: `${sandbox.authentik.url}/application/o/${slug}/`,
    },
  };
}
