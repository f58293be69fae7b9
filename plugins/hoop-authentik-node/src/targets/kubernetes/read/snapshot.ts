import { InputError } from '@backstage/errors';
import { type CallOptions, withRemedy } from '../../../core';
import type { KubernetesTargetConfig } from '../../../config/types';
import {
  KubernetesForbiddenError,
  labelSelectorOf,
  type ConfigMap,
  type Container,
  type Deployment,
  type KubernetesReader,
  type Pod,
  type Secret,
} from '../../../systems/kubernetes';
import { startedSinceLastChange } from './freshness';
import { DEFAULT_OBJECT_NAME, kindsOf, layoutOf } from './layout';
import { canReplace, nextName } from './replacements';

/**
 * The objects of a gateway as read at one moment. Holds Secret data: never to be logged or returned.
 *
 * @internal
 */
export interface Snapshot {
  deployment: Deployment;
  container: Container;
  /** Empty where the Deployment shows without them that they run with the settings as stored. */
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
  const kinds = kindsOf(config);
  const read = <K extends 'ConfigMap' | 'Secret'>(kind: K, name: string) =>
    client.get(kind, namespace, name, options);
  const names = {
    ConfigMap: config.configMap ?? DEFAULT_OBJECT_NAME,
    Secret: config.secret ?? DEFAULT_OBJECT_NAME,
  };
  // Not asked for where it carries nothing: the role of the backend may not allow it.
  const own = async <K extends 'ConfigMap' | 'Secret'>(kind: K) =>
    kinds.includes(kind)
      ? { [names[kind]]: await read(kind, names[kind]) }
      : {};
  const [deployment, ownConfigMaps, ownSecrets] = await Promise.all([
    client.get('Deployment', namespace, config.deployment, options),
    own('ConfigMap'),
    own('Secret'),
  ]);
  if (!deployment) {
    const remedy =
      "Check namespace and deployment of the gateway's target in app-config.";
    throw withRemedy(
      new InputError(
        `There is no Deployment "${config.deployment}" in namespace "${namespace}" of ${client.server}; expected the gateway's. ${remedy}`,
      ),
      remedy,
    );
  }
  const container = chooseContainer(deployment, config);
  const named = referencedObjects(container);
  const [configMaps, secrets] = await Promise.all([
    readAll(named.configMaps, ownConfigMaps, name => read('ConfigMap', name)),
    readAll(named.secrets, ownSecrets, name => read('Secret', name)),
  ]);
  const objectsOf = { deployment, container, configMaps, secrets };
  const layout = layoutOf(objectsOf, config);
  for (const { kind, name } of layout.objects) {
    const objects: Snapshot['configMaps' | 'secrets'] =
      kind === 'ConfigMap' ? configMaps : secrets;
    // What takes the place of an immutable object may be there already, or stand in the way.
    for (let next = name; goesOn(objects[next], next === name, config); ) {
      next = nextName(next);
      objects[next] ??= await readIfAllowed(() => read(kind, next));
    }
  }
  // Of a gateway that runs as it should, the Deployment tells all that its pods would.
  const pods = startedSinceLastChange(objectsOf, layout)
    ? []
    : await podsOf(client, deployment, namespace, options);
  return { ...objectsOf, pods };
}

/** Whether the next object in the row may count as well: the first one is immutable, or a later one is somebody else's. */
function goesOn(
  found: ConfigMap | Secret | undefined,
  first: boolean,
  { deployment }: KubernetesTargetConfig,
): boolean {
  return first
    ? found?.immutable === true
    : found !== undefined && !canReplace(found, deployment);
}

/**
 * An object that nothing refers to need not be readable for those who only look: without a right to it, it counts as
 * absent, and the rights that are asked for before a write name it.
 */
async function readIfAllowed<T>(
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (KubernetesForbiddenError.is(error)) {
      return undefined;
    }
    throw error;
  }
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
    const names = containers.map(({ name }) => `"${name}"`).join(', ');
    const remedy = "Name the gateway's container in its target in app-config.";
    throw withRemedy(
      new InputError(
        `The Deployment "${config.deployment}" has no container "${wanted}"; found ${names}. ${remedy}`,
      ),
      remedy,
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
