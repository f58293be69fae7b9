import type { KubernetesTargetConfig } from '../../../config/types';
import type { AppliedSwitch } from '../../types';
import { KubernetesTarget } from '../KubernetesTarget';
import { FakeKubernetesClient } from './FakeKubernetesClient';
import { HASTY } from './targetOf';
import {
  CONFIG,
  configMapOf,
  OWN_REFERENCES,
  PLAIN_DATA,
  secretOf,
  SETTINGS,
} from './gatewayObjects';

export const OLD_SECRET = 'old-client-secret';

/** A gateway that reads both objects, with the settings of another provider in them. */
export const switchedCluster = () =>
  new FakeKubernetesClient({ envFrom: OWN_REFERENCES }, [
    configMapOf({
      ...PLAIN_DATA,
      IDP_ISSUER: 'https://old.company/',
      POSTGRES: 'kept',
    }),
    secretOf({ IDP_CLIENT_SECRET: OLD_SECRET, OTHER: 'kept' }),
  ]);

/** Runs an action the first time only. */
export function onFirst(write: string, action: () => void) {
  let done = false;
  return (seen: string) => {
    if (seen === write && !done) {
      done = true;
      action();
    }
  };
}

/** A target, the cluster in memory that it changes, and what it logs. A test replaces the cluster, or what the gateway answers. */
export class TargetOnCluster {
  readonly lines: string[] = [];
  readonly log = (line: string) => {
    this.lines.push(line);
  };
  answers: (signal: AbortSignal) => Promise<boolean> = async () => true;

  constructor(public client = new FakeKubernetesClient()) {}

  target(config: Partial<KubernetesTargetConfig> = {}): KubernetesTarget {
    return new KubernetesTarget(
      { ...CONFIG, ...config },
      async () => this.client,
      signal => this.answers(signal),
      HASTY,
    );
  }

  /** Switches the gateway to the settings. */
  async apply(
    config: Partial<KubernetesTargetConfig> = {},
    signal?: AbortSignal,
  ): Promise<AppliedSwitch> {
    const { plan } = await this.target(config).read();
    return plan(SETTINGS).apply({ log: this.log, signal });
  }
}
