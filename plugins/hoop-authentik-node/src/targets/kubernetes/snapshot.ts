import { InputError } from '@backstage/errors';
import type { CallOptions } from '../../authentik/types';
import type { KubernetesTargetConfig } from '../../config/types';
import type {
  ConfigMap,
  Container,
  Deployment,
  KubernetesReader,
  Pod,
  Secret,
} from '../../kubernetes';
import { labelSelectorOf } from '../../kubernetes/labelSelector';

/**
 * The objects of a gateway as read at one moment. Holds Secret data: never to be logged or returned.
 *
 * @internal
 */
export interface Snapshot {
  deployment: Deployment;
  container: Container;
  pods: Pod[];
  /** By name; `undefined` where a referenced or managed object does not exist. */
  configMaps: Record<string, ConfigMap | undefined>;
  secrets: Record<string, Secret | undefined>;
}

/**
 * Reads the Deployment and the objects that carry the settings, then what else its container refers to and its pods.
 *
 * @throws InputError when the Deployment or its container is not there
 * @internal
 */
export async function readSnapshot(
  client: KubernetesReader,
  config: KubernetesTargetConfig,
  options?: CallOptions,
): Promise<Snapshot> {
  const { namespace } = config;
  const [deployment, configMap, secret] = await Promise.all([
    client.get('Deployment', namespace, config.deployment, options),
    client.get('ConfigMap', namespace, config.configMap, options),
    // Not asked for where it carries nothing: the role of the backend may not allow it.
    config.clientSecretIn === 'secret'
      ? client.get('Secret', namespace, config.secret, options)
      : undefined,
  ]);
  if (!deployment) {
    throw new InputError(
      `There is no Deployment "${config.deployment}" in namespace "${namespace}" of ${client.server}; ` +
        "expected the gateway's. Check namespace and deployment of the gateway's target in app-config.",
    );
  }
  const container = chooseContainer(deployment, config);
  const named = referencedObjects(container);
  const [pods, configMaps, secrets] = await Promise.all([
    podsOf(client, deployment, namespace, options),
    readAll(named.configMaps, { [config.configMap]: configMap }, name =>
      client.get('ConfigMap', namespace, name, options),
    ),
    readAll(
      named.secrets,
      config.clientSecretIn === 'secret' ? { [config.secret]: secret } : {},
      name => client.get('Secret', namespace, name, options),
    ),
  ]);
  return { deployment, container, pods, configMaps, secrets };
}

function chooseContainer(
  deployment: Deployment,
  config: KubernetesTargetConfig,
): Container {
  const { containers } = deployment.spec.template.spec;
  const wanted = config.container ?? 'hoopgateway';
  const found =
    containers.find(({ name }) => name === wanted) ??
    (config.container === undefined && containers.length === 1
      ? containers[0]
      : undefined);
  if (!found) {
    throw new InputError(
      `The Deployment "${
        config.deployment
      }" has no container "${wanted}"; found ${containers
        .map(({ name }) => `"${name}"`)
        .join(
          ', ',
        )}. Name the gateway's container in its target in app-config.`,
    );
  }
  return found;
}

/** Names of the objects that a container takes environment variables from. */
function referencedObjects({ env = [], envFrom = [] }: Container) {
  const configMaps = new Set<string>();
  const secrets = new Set<string>();
  for (const source of envFrom) {
    if (source.configMapRef) {
      configMaps.add(source.configMapRef.name);
    }
    if (source.secretRef) {
      secrets.add(source.secretRef.name);
    }
  }
  for (const { valueFrom } of env) {
    if (valueFrom?.configMapKeyRef) {
      configMaps.add(valueFrom.configMapKeyRef.name);
    }
    if (valueFrom?.secretKeyRef) {
      secrets.add(valueFrom.secretKeyRef.name);
    }
  }
  return { configMaps, secrets };
}

async function readAll<T>(
  names: Set<string>,
  known: Record<string, T | undefined>,
  read: (name: string) => Promise<T | undefined>,
): Promise<Record<string, T | undefined>> {
  const others = [...names].filter(name => !(name in known));
  const objects = await Promise.all(others.map(read));
  return {
    ...known,
    ...Object.fromEntries(others.map((name, index) => [name, objects[index]])),
  };
}

async function podsOf(
  client: KubernetesReader,
  deployment: Deployment,
  namespace: string,
  options: CallOptions | undefined,
): Promise<Pod[]> {
  const labelSelector = labelSelectorOf(deployment);
  if (!labelSelector) {
    // An empty selector would list the pods of everybody.
    return [];
  }
  const { items } = await client.list(
    'Pod',
    namespace,
    { labelSelector },
    options,
  );
  return items;
}
