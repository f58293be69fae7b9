import type { SandboxProcess } from 'sandbox';
import { callCluster } from './callCluster';

interface ObjectList {
  items: Array<{ metadata: { name: string }; data?: Record<string, string> }>;
}

interface Deployment {
  spec: {
    template: {
      metadata: { annotations?: Record<string, string> };
      spec: unknown;
    };
  };
}

/** All that the actions may write, in full. Holds secrets of the sandbox. @internal */
export interface SystemState {
  configMaps: Record<string, unknown>;
  secrets: Record<string, unknown>;
  template: Deployment['spec']['template'];
  applications: unknown[];
  providers: unknown[];
  bindings: unknown[];
}

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Reads everything there is, as administrator of both systems. @internal */
export async function readSystemState(
  sandbox: SandboxProcess,
): Promise<SystemState> {
  const [cluster, applications, providers, bindings] = await Promise.all([
    readCluster(sandbox),
    readAuthentik(sandbox, '/core/applications/?superuser_full_list=true'),
    readAuthentik(sandbox, '/providers/oauth2/'),
    readAuthentik(sandbox, '/policies/bindings/'),
  ]);
  return { ...cluster, applications, providers, bindings };
}

/** Without the mark that each restart leaves on the pod template. @internal */
export function withoutRestartMark(state: SystemState): SystemState {
  const { template } = state;
  const { [RESTARTED_AT]: _, ...annotations } =
    template.metadata.annotations ?? {};
  return {
    ...state,
    template: { ...template, metadata: { ...template.metadata, annotations } },
  };
}

/** Calls authentik's API as administrator. @internal */
export async function callAuthentik(
  { authentik }: SandboxProcess,
  method: string,
  path: string,
  body?: object,
) {
  const response = await fetch(`${authentik.url}/api/v3${path}`, {
    method,
    headers: {
      authorization: `Bearer ${authentik.token}`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status}`);
  }
  return response.status === 204 ? undefined : response.json();
}

async function readCluster(sandbox: SandboxProcess) {
  const [configMaps, secrets, deployment] = await Promise.all([
    callCluster<ObjectList>(sandbox, 'GET', 'configmaps'),
    callCluster<ObjectList>(sandbox, 'GET', 'secrets'),
    callCluster<Deployment>(
      sandbox,
      'GET',
      `deployments/${sandbox.kubernetes.deployment}`,
    ),
  ]);
  return {
    configMaps: dataByName(configMaps),
    secrets: dataByName(secrets),
    template: deployment.spec.template,
  };
}

function dataByName({ items }: ObjectList): Record<string, unknown> {
  return Object.fromEntries(
    items.map(({ metadata, data }) => [metadata.name, data]),
  );
}

async function readAuthentik(
  sandbox: SandboxProcess,
  path: string,
): Promise<unknown[]> {
  const { results } = await callAuthentik(sandbox, 'GET', path);
  return results;
}
