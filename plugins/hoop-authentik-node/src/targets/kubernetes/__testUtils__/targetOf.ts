import type { KubernetesTargetConfig } from '../../../config/types';
import type { KubernetesClient } from '../../../systems/kubernetes';
import { KubernetesTarget } from '../KubernetesTarget';
import { CONFIG } from './gatewayObjects';

/** A target whose gateway answers as soon as the cluster says that it runs. */
export function targetOf(
  client: KubernetesClient,
  config: Partial<KubernetesTargetConfig> = {},
): KubernetesTarget {
  return new KubernetesTarget(
    { ...CONFIG, ...config },
    async () => client,
    async () => true,
  );
}
