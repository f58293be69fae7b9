import { ResourceNames } from './status';

/** One served resource type. @internal */
export interface ResourceType extends ResourceNames {
  version: string;
  apiVersion: string;
  singular: string;
  namespaced: boolean;
  shortNames: string[];
  /** Only kinds with a spec count generations. */
  hasGeneration: boolean;
}

function define(
  group: string,
  plural: string,
  kind: string,
  shortNames: string[],
  options: { namespaced?: boolean; hasGeneration?: boolean } = {},
): ResourceType {
  return {
    group,
    version: 'v1',
    apiVersion: group ? `${group}/v1` : 'v1',
    plural,
    kind,
    singular: kind.toLowerCase(),
    shortNames,
    namespaced: options.namespaced ?? true,
    hasGeneration: options.hasGeneration ?? false,
  };
}

/** @internal */
export const configMaps = define('', 'configmaps', 'ConfigMap', ['cm']);
/** @internal */
export const secrets = define('', 'secrets', 'Secret', []);
/** @internal */
export const pods = define('', 'pods', 'Pod', ['po'], { hasGeneration: true });
/** @internal */
export const events = define('', 'events', 'Event', ['ev']);
/** @internal */
export const namespaces = define('', 'namespaces', 'Namespace', ['ns'], {
  namespaced: false,
});
/** @internal */
export const deployments = define(
  'apps',
  'deployments',
  'Deployment',
  ['deploy'],
  { hasGeneration: true },
);
/** @internal */
export const replicaSets = define('apps', 'replicasets', 'ReplicaSet', ['rs'], {
  hasGeneration: true,
});

/** @internal */
export const resourceTypes: ResourceType[] = [
  configMaps,
  secrets,
  pods,
  events,
  namespaces,
  deployments,
  replicaSets,
];

/** @internal */
export function findResourceType(
  group: string,
  version: string,
  plural: string,
): ResourceType | undefined {
  return resourceTypes.find(
    type =>
      type.group === group &&
      type.version === version &&
      type.plural === plural,
  );
}
