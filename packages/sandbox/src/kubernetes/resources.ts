import { ResourceNames } from './status';

/** One served resource type. */
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

export const configMaps = define('', 'configmaps', 'ConfigMap', ['cm']);
export const secrets = define('', 'secrets', 'Secret', []);
export const pods = define('', 'pods', 'Pod', ['po']);
export const events = define('', 'events', 'Event', ['ev']);
export const namespaces = define('', 'namespaces', 'Namespace', ['ns'], {
  namespaced: false,
});
export const deployments = define(
  'apps',
  'deployments',
  'Deployment',
  ['deploy'],
  { hasGeneration: true },
);
export const replicaSets = define('apps', 'replicasets', 'ReplicaSet', ['rs'], {
  hasGeneration: true,
});

export const resourceTypes: ResourceType[] = [
  configMaps,
  secrets,
  pods,
  events,
  namespaces,
  deployments,
  replicaSets,
];

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
