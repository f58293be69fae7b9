import type { KubernetesTargetConfig } from '../../../config/types';
import {
  waitForRollout,
  type KubernetesClient,
  type WaitForRolloutOptions,
} from '../../../systems/kubernetes';
import { reasonOf } from '../../../core';
import type { TargetWriteOptions } from '../../types';
import type { SwitchPlan } from '../plan/planSwitch';
import { redactorOf } from './redaction';
import type { Snapshot } from '../read/snapshot';

/** A gateway as it was read, and what it takes to change it. @internal */
export interface GatewayInCluster {
  client: KubernetesClient;
  config: KubernetesTargetConfig;
  snapshot: Snapshot;
  /** Whether it serves, which the cluster cannot tell. */
  answers: (signal: AbortSignal) => Promise<boolean>;
}

/** Where a rollout begins: when the change was made, and the Deployment as it answered. @internal */
export type RolloutStart = Required<Pick<WaitForRolloutOptions, 'since'>> &
  Pick<WaitForRolloutOptions, 'from' | 'begun'>;

/**
 * Waits until the gateway runs and answers.
 *
 * @param plan - which settings it was given, so that no secret of them is shown
 * @returns the reason why the rollout failed, or `undefined` when it is complete
 * @internal
 */
export async function waitForGateway(
  { client, config, snapshot, answers }: GatewayInCluster,
  start: RolloutStart,
  { log, signal }: TargetWriteOptions,
  plan?: SwitchPlan,
  timeoutMs = config.rolloutTimeoutMs,
): Promise<string | undefined> {
  const result = await waitForRollout({
    client,
    namespace: config.namespace,
    deployment: config.deployment,
    container: snapshot.container.name,
    timeoutMs,
    onProgress: line => log(`Rollout: ${line}`),
    redact: redactorOf(snapshot, plan),
    signal,
    ...start,
    confirm: answers,
  });
  return result.ok ? undefined : reasonOf(result.reason);
}
