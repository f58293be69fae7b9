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
import { DEFAULT_OBJECT_NAME, kindsOf, layoutOf, otherNameOf } from './layout';
import type { Snapshot } from './objects';
import { canReplace, nextName } from './ownership';
import { startedSinceLastChange } from './inUse';
import { isMarked, markIn, previousValuesName } from './switchRecord';

/**
 * Reads the Deployment and the objects that carry the settings, then what else its container refers to and its pods.
 *
 * @throws InputError when the Deployment or its container does not exist
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
  // An object that carries nothing is not read: the role of the backend may not allow it.
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
    throw await missingDeployment(client, config, options);
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
    // The replacement of an immutable object may exist already, or a foreign object may have its name.
    for (
      let next = name;
      continuesSeries(objects[next], next === name, config);

    ) {
      next = nextName(next);
      objects[next] ??= await readIfAllowed(() => read(kind, next));
    }
  }
  // Whatever the container reads may have been edited in place, unless all settings are in objects that never are.
  const mayBeKept =
    markIn(deployment)?.previousValues ||
    ([...Object.values(configMaps), ...Object.values(secrets)].some(Boolean) &&
      !layout.objects.every(ref => otherNameOf(ref, objectsOf, config)));
  const [pods, previousValues] = await Promise.all([
    // The Deployment of a healthy gateway shows everything that its pods would, but one that was just switched may crash.
    startedSinceLastChange(objectsOf, layout) && !isMarked(deployment)
      ? []
      : podsOf(client, deployment, namespace, options),
    mayBeKept
      ? readIfAllowed(() => read('Secret', previousValuesName(config)))
      : undefined,
  ]);
  return { ...objectsOf, pods, previousValues };
}

/** Names that a refusal lists. */
const MOST_NAMES = 10;

/** Says what there is instead, such as a Deployment with the prefix of its release, as far as we may know it. */
async function missingDeployment(
  client: KubernetesReader,
  { namespace, deployment }: KubernetesTargetConfig,
  options: CallOptions | undefined,
): Promise<Error> {
  const found = await client.list('Deployment', namespace, {}, options).then(
    ({ items }) => items.map(({ metadata }) => metadata.name),
    () => undefined,
  );
  const likeIt = (name: string) => (name.includes(deployment) ? 0 : 1);
  const names = (found ?? [])
    .sort((a, b) => likeIt(a) - likeIt(b))
    .map(name => `"${name}"`);
  const others =
    names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const remedy =
    "Check namespace and deployment of the gateway's target in app-config.";
  return withRemedy(
    new InputError(
      `The Deployment "${deployment}" does not exist in namespace "${namespace}" of ${
        client.server
      }${
        found
          ? `; found ${
              names.slice(0, MOST_NAMES).join(', ') || 'no Deployment'
            }${others}`
          : ''
      }. ${remedy}`,
    ),
    remedy,
  );
}

/** Whether the next object in the series matters too: the first one is immutable, or a later one is foreign. */
function continuesSeries(
  found: ConfigMap | Secret | undefined,
  first: boolean,
  { deployment }: KubernetesTargetConfig,
): boolean {
  return first
    ? found?.immutable === true
    : found !== undefined && !canReplace(found, deployment);
}

/**
 * An object that nothing refers to need not be readable: without the right to read it, it is treated as absent, and the
 * check of rights before a write names it.
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
    // An empty selector would list every pod of the namespace.
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
