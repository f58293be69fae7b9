import type { KubernetesTargetConfig } from '../../../config/types';
import type {
  ConfigMap,
  Container,
  Deployment,
  Pod,
  Secret,
} from '../../../systems/kubernetes';
import { SecretValue, type Settings } from '../../../core';
import { ownMarks } from '../read/ownership';
import type { Snapshot } from '../read/objects';

export const CONFIG: KubernetesTargetConfig = {
  type: 'kubernetes',
  cluster: { inCluster: true },
  namespace: 'hoop',
  deployment: 'hoopgateway',
  container: undefined,
  configMap: 'hoopgateway-idp',
  secret: 'hoopgateway-idp',
  settingsIn: 'configMap',
  clientSecretIn: 'secret',
  rolloutTimeoutMs: 5_000,
};

export const CLIENT_SECRET = 'the-client-secret';

export const SETTINGS: Settings = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: 'the-client-id',
  IDP_CLIENT_SECRET: new SecretValue(CLIENT_SECRET),
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: 'https://auth.company/application/o/hoop/',
};

/** The four settings that are no secret. */
export const PLAIN_DATA = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: 'the-client-id',
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: 'https://auth.company/application/o/hoop/',
};
export const SECRET_DATA = { IDP_CLIENT_SECRET: CLIENT_SECRET };

export const OWN_REFERENCES = [
  { configMapRef: { name: 'hoopgateway-idp' } },
  { secretRef: { name: 'hoopgateway-idp' } },
];

const WRITTEN_AT = '2026-05-01T12:00:00Z';
const STARTED_AT = '2026-05-01T12:00:30Z';

export function configMapOf(
  data: Record<string, string>,
  name = 'hoopgateway-idp',
): ConfigMap {
  return { ...objectOf('ConfigMap', name), data };
}

/** Takes plain text. */
export function secretOf(
  data: Record<string, string>,
  name = 'hoopgateway-idp',
): Secret {
  return {
    ...objectOf('Secret', name),
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        Buffer.from(value).toString('base64'),
      ]),
    ),
  };
}

/** The same object with the marks of one that we made for a Deployment. */
export function madeFor<T extends ConfigMap | Secret>(
  deployment: string,
  object: T,
): T {
  return {
    ...object,
    metadata: { ...object.metadata, ...ownMarks(deployment) },
  };
}

export function deploymentOf(container: Partial<Container> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'hoopgateway',
      namespace: 'hoop',
      generation: 1,
      resourceVersion: '10',
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'hoopgateway' } },
      template: {
        metadata: { labels: { app: 'hoopgateway' } },
        spec: {
          containers: [
            {
              name: 'hoopgateway',
              env: [{ name: 'API_URL', value: 'https://hoop.company' }],
              ...container,
            },
          ],
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    },
  };
}

export function podOf(deployment: Deployment, startedAt = STARTED_AT): Pod {
  const { metadata, spec } = structuredClone(deployment.spec.template);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name: `hoopgateway-${deployment.metadata.generation}`,
      uid: `uid-${deployment.metadata.generation}`,
      creationTimestamp: startedAt,
    },
    spec,
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: spec.containers[0].name,
          ready: true,
          restartCount: 0,
          state: { running: { startedAt } },
        },
      ],
    },
  };
}

/** A gateway as read at one moment; by default one that reads neither of our objects. */
export function snapshotOf(
  parts: {
    container?: Partial<Container>;
    configMaps?: ConfigMap[];
    secrets?: Secret[];
    deployment?: Partial<Deployment['spec']>;
    pods?: Pod[];
  } = {},
): Snapshot {
  const deployment = deploymentOf(parts.container);
  Object.assign(deployment.spec, parts.deployment);
  return {
    deployment,
    container: deployment.spec.template.spec.containers[0],
    pods: parts.pods ?? [podOf(deployment)],
    configMaps: byName(parts.configMaps),
    secrets: byName(parts.secrets),
  };
}

/** A gateway that reads the settings from both objects. */
export function switchedSnapshot(
  parts: Parameters<typeof snapshotOf>[0] = {},
): Snapshot {
  return snapshotOf({
    container: { envFrom: OWN_REFERENCES },
    configMaps: [configMapOf(PLAIN_DATA)],
    secrets: [secretOf(SECRET_DATA)],
    ...parts,
  });
}

function objectOf(kind: string, name: string) {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      namespace: 'hoop',
      resourceVersion: '10',
      creationTimestamp: WRITTEN_AT,
      managedFields: [{ manager: 'kubectl', time: WRITTEN_AT }],
    },
  };
}

function byName<T extends { metadata: { name: string } }>(
  objects: T[] = [],
): Record<string, T | undefined> {
  return Object.fromEntries(objects.map(one => [one.metadata.name, one]));
}
