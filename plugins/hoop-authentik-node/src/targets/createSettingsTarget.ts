import type { ClusterConfig, GatewayTargetConfig } from '../config/types';
import type { HoopClient } from '../systems/hoop/types';
import type { KubernetesClient } from '../systems/kubernetes/types';
import { FileTarget } from './FileTarget';
import { GatewayApiTarget } from './gatewayApi/GatewayApiTarget';
import type { SwitchRecords } from './gatewayApi/storedSwitch';
import { KubernetesTarget } from './kubernetes/KubernetesTarget';
import type { SettingsTarget } from './types';

/** What targets reach their systems with. @internal */
export interface TargetDependencies {
  hoop: HoopClient;
  /** Called at each use of a cluster, so that an unusable kubeconfig does not keep a backend from starting. */
  cluster(config: ClusterConfig): () => Promise<KubernetesClient>;
  /** Absent outside a run. */
  switches?: SwitchRecords;
}

/**
 * The target that app-config declares for a gateway. Outside this folder and `config/` code asks for
 * {@link SettingsTarget.capabilities}, so that a new target needs no change elsewhere.
 *
 * @internal
 */
export function createSettingsTarget(
  config: GatewayTargetConfig,
  { hoop, cluster, switches }: TargetDependencies,
): SettingsTarget {
  switch (config.type) {
    case 'kubernetes':
      return new KubernetesTarget(
        config,
        cluster(config.cluster),
        // A rollout calls this repeatedly, so a failed attempt is not retried.
        async signal => Boolean(await hoop.getInfo({ signal, attempts: 1 })),
      );
    case 'gatewayApi':
      return new GatewayApiTarget(hoop, switches);
    default:
      return new FileTarget(config);
  }
}
