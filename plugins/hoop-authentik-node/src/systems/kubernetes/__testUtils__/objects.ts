import type { ContainerState, Deployment, Pod } from '../types';

/** The template annotation of the restart that made a generation. */
const restart = (generation: number) => ({
  'kubectl.kubernetes.io/restartedAt': `restart-${generation}`,
});

/** A Deployment of one gateway whose status says that generation `observed` is complete. */
export function deploymentOf(
  generation: number,
  status: Partial<NonNullable<Deployment['status']>> = {},
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'hoopgateway',
      namespace: 'hoop',
      generation,
      resourceVersion: '100',
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'hoopgateway' } },
      template: {
        metadata: {
          labels: { app: 'hoopgateway' },
          annotations: restart(generation),
        },
        spec: { containers: [{ name: 'hoopgateway' }] },
      },
    },
    status: {
      observedGeneration: generation,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      ...status,
    },
  };
}

/** A pod made from the template of a generation. */
export function podOf(
  generation: number,
  status: {
    restartCount?: number;
    state?: ContainerState;
    lastState?: ContainerState;
  } = {},
  name: string = `hoopgateway-${generation}`,
  created: Date = new Date(),
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: created.toISOString(),
      labels: { app: 'hoopgateway', 'pod-template-hash': `hash-${generation}` },
      annotations: restart(generation),
    },
    spec: { containers: [{ name: 'hoopgateway' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'hoopgateway',
          ready: true,
          restartCount: 0,
          state: { running: {} },
          ...status,
        },
      ],
    },
  };
}
