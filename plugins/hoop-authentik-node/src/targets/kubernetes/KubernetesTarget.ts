import type { KubernetesTargetConfig } from '../../config/types';
import type { KubernetesClient } from '../../systems/kubernetes';
import { CAPABILITIES } from '../capabilities';
import { GatewayRolloutError } from '../errors';
import type {
  SettingsTarget,
  TargetPlan,
  TargetReading,
  TargetReadOptions,
  TargetWriteOptions,
} from '../types';
import { describeState } from './read/describeState';
import { waitForGateway, type GatewayInCluster } from './apply/gatewayRollout';
import { KubernetesSwitch } from './apply/KubernetesSwitch';
import { kindsOf } from './read/layout';
import { planDisconnect } from './plan/planDisconnect';
import { planSwitch, type SwitchPlan } from './plan/planSwitch';
import { requireRights } from './apply/rights';
import { readSnapshot } from './read/snapshot';
import { KubernetesWrites } from './apply/writes';

/**
 * A gateway whose settings live in a ConfigMap and a Secret that its Deployment reads.
 *
 * @public
 */
export class KubernetesTarget implements SettingsTarget {
  readonly capabilities = CAPABILITIES.kubernetes;
  readonly description: string;
  readonly #config: KubernetesTargetConfig;
  readonly #client: () => Promise<KubernetesClient>;
  readonly #answers: (signal: AbortSignal) => Promise<boolean>;

  /**
   * @param client - asked for at each use, so that a cluster that is not configured well yet does not keep a backend
   *   from starting
   * @param answers - whether the gateway serves: it has no readiness probe, so that the cluster calls a container
   *   available which is about to end
   */
  constructor(
    config: KubernetesTargetConfig,
    client: () => Promise<KubernetesClient>,
    answers: (signal: AbortSignal) => Promise<boolean>,
  ) {
    this.#config = config;
    this.#client = client;
    this.#answers = answers;
    const { namespace, deployment } = config;
    const objects = kindsOf(config).map(kind => {
      const name = kind === 'ConfigMap' ? config.configMap : config.secret;
      return name === undefined ? kind : `${kind} "${name}"`;
    });
    this.description = `${objects.join(
      ' and ',
    )} of Deployment ${namespace}/${deployment}`;
  }

  async read(options?: TargetReadOptions): Promise<TargetReading> {
    const client = await this.#client();
    const snapshot = await readSnapshot(
      options?.bulk?.of(client) ?? client,
      this.#config,
      options,
    );
    const gateway = {
      client,
      config: this.#config,
      snapshot,
      answers: this.#answers,
    };
    return {
      state: describeState(snapshot, this.#config),
      plan: settings =>
        planned(gateway, planSwitch(snapshot, this.#config, settings)),
      planDisconnect: () =>
        planned(gateway, planDisconnect(snapshot, this.#config)),
      followRollout: followOptions => follow(gateway, followOptions),
    };
  }

  async restart(options: TargetWriteOptions): Promise<void> {
    const client = await this.#client();
    const config = this.#config;
    const snapshot = await readSnapshot(client, config, options);
    await requireRights(
      client,
      config,
      { steps: [], leftovers: [], restart: true },
      options,
    );
    const since = new Date();
    const from = await new KubernetesWrites(client, config).restart(options);
    options.log(
      `Deployment ${config.namespace}/${config.deployment} restarted`,
    );
    const reason = await waitForGateway(
      { client, config, snapshot, answers: this.#answers },
      { since, from },
      options,
    );
    if (reason !== undefined) {
      throw new GatewayRolloutError(
        `The gateway did not come up after its restart: ${reason}. ` +
          'Its settings were not changed by this restart; check them, then restart again.',
      );
    }
  }
}

async function follow(
  gateway: GatewayInCluster,
  options: TargetWriteOptions,
): Promise<void> {
  const reason = await waitForGateway(
    gateway,
    { since: new Date(), from: gateway.snapshot.deployment, begun: true },
    options,
  );
  if (reason !== undefined) {
    throw new GatewayRolloutError(
      `The gateway does not come up with the settings it has: ${reason}. Mend what the message names, then run the task again.`,
    );
  }
}

function planned(gateway: GatewayInCluster, plan: SwitchPlan): TargetPlan {
  const confirmRights = async (options: TargetWriteOptions) => {
    if (plan.steps.length + plan.leftovers.length > 0 || plan.restart) {
      await requireRights(gateway.client, gateway.config, plan, options);
    }
  };
  return {
    changes: plan.changes,
    refusals: plan.refusals,
    owners: plan.owners,
    restart:
      plan.restart || plan.steps.some(({ type }) => type === 'references'),
    confirmRights,
    apply: async options => {
      await confirmRights(options);
      return new KubernetesSwitch(gateway, plan).apply(options);
    },
  };
}
