import type { KubernetesTargetConfig } from '../../../config/types';
import type { KubernetesClient } from '../../../systems/kubernetes';
import { type Patience } from '../../wayBack';
import { KubernetesTarget } from '../KubernetesTarget';
import { CONFIG } from './gatewayObjects';

/** Retries as often as usual, without the pauses. */
export const HASTY: Patience = { totalMs: 60_000, pauseMs: () => 1 };

/** A target whose gateway answers as soon as the cluster says that it runs. */
export function targetOf(
  client: KubernetesClient,
  config: Partial<KubernetesTargetConfig> = {},
): KubernetesTarget {
  return new KubernetesTarget(
    { ...CONFIG, ...config },
    async () => client,
    async () => true,
    HASTY,
  );
}
