import { inspect } from 'node:util';
import { DefaultKubernetesClient } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import { huntSecrets } from '../src/secretHunt';
import { hoopLogin } from '../src/signIn';

/** What there is, without what differs from run to run. */
export interface Shape {
  authMethod: string;
  applications: string[];
  providers: string[];
  bindings: number;
  objects: string[];
  isMarked: boolean;
}

const MARK = 'backstage-hoop-authentik/unverified-switch';

export async function authMethodOf({
  gateway,
}: SandboxProcess): Promise<string> {
  const answer = await fetch(`${gateway.url}/api/publicserverinfo`);
  const { auth_method: method } = await answer.json();
  return method;
}

/** Signs a person in, in the way that the gateway has at present. */
export async function signIn(sandbox: SandboxProcess): Promise<void> {
  if ((await authMethodOf(sandbox)) === 'oidc') {
    await hoopLogin(sandbox, 'jane');
    return;
  }
  const { url, admin } = sandbox.gateway;
  const answer = await fetch(`${url}/api/localauth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(admin),
  });
  if (!answer.ok) {
    throw new Error(`local sign-in answers ${answer.status}`);
  }
}

export async function shapeOf(sandbox: SandboxProcess): Promise<Shape> {
  const { namespace, deployment, kubeconfigPath } = sandbox.kubernetes;
  const client = await DefaultKubernetesClient.create({
    cluster: { kubeconfig: kubeconfigPath },
  });
  try {
    const [configMaps, secrets, found, applications, providers, bindings] =
      await Promise.all([
        client.list('ConfigMap', namespace, {}),
        client.list('Secret', namespace, {}),
        client.get('Deployment', namespace, deployment),
        listed(sandbox, 'core/applications/?superuser_full_list=true'),
        listed(sandbox, 'providers/oauth2/'),
        listed(sandbox, 'policies/bindings/'),
      ]);
    return {
      authMethod: await authMethodOf(sandbox),
      applications: applications.map(({ slug }) => String(slug)).sort(),
      providers: providers.map(({ name }) => String(name)).sort(),
      bindings: bindings.length,
      // Which of our two objects is in use does not matter.
      objects: [...configMaps.items, ...secrets.items]
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .filter(name => !name.endsWith('-idp-2'))
        .sort(),
      isMarked: found?.metadata.annotations?.[MARK] !== undefined,
    };
  } finally {
    await client.close();
  }
}

async function listed(
  { authentik }: SandboxProcess,
  path: string,
): Promise<Array<Record<string, unknown>>> {
  const answer = await fetch(`${authentik.url}/api/v3/${path}`, {
    headers: { authorization: `Bearer ${authentik.token}` },
  });
  const { results } = await answer.json();
  return results;
}

/** How many secrets of the sandbox are in anything that was let out. */
export async function secretsIn(
  { control }: SandboxProcess,
  letOut: unknown[],
): Promise<number> {
  const text = inspect(letOut, {
    depth: Infinity,
    showHidden: true,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    breakLength: Infinity,
  });
  return huntSecrets(await control.secrets(), { text }).length;
}
