import type { Deployment } from '../kubernetes/types';
import {
  deploymentsPath,
  strategicPatch,
  type KubernetesHarness,
} from './kubernetesHarness';

/** @internal */
export const webPath = `${deploymentsPath}/web`;

/** A Deployment of one container; the changes go over its spec. @internal */
export function webDeployment(
  spec: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
  podSpec: Record<string, unknown> = {},
) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{ name: 'web', image: 'example/web:1', ...container }],
          ...podSpec,
        },
      },
      ...spec,
    },
  };
}

/** @internal */
export function isRolledOut(deployment: Deployment): boolean {
  const { status, spec, metadata } = deployment;
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas
  );
}

/** @internal */
export function progressing(deployment: Deployment): string | undefined {
  return deployment.status?.conditions?.find(
    condition => condition.type === 'Progressing',
  )?.reason;
}

/** The one Deployment of a test, in the hands of a test. @internal */
export class WebDeployment {
  constructor(private readonly cluster: () => KubernetesHarness) {}

  deploy(...changes: Parameters<typeof webDeployment>) {
    return this.cluster().call<Deployment>(
      'POST',
      deploymentsPath,
      webDeployment(...changes),
    );
  }

  /** As `kubectl rollout restart` does. */
  restart(stamp: string, options = strategicPatch) {
    return this.cluster().call<Deployment>(
      'PATCH',
      webPath,
      {
        spec: {
          template: {
            metadata: {
              annotations: { 'kubectl.kubernetes.io/restartedAt': stamp },
            },
          },
        },
      },
      options,
    );
  }

  settled(): Promise<Deployment> {
    const cluster = this.cluster();
    return cluster.until(() => cluster.deployment(), isRolledOut);
  }

  /** Bound, so that it can be asked again until it is as expected. */
  readonly onlyContainer = async () => {
    const [pod] = await this.cluster().pods();
    return pod?.status?.containerStatuses?.[0];
  };
}
