import { InputError } from '@backstage/errors';
import type { KubernetesTargetConfig } from '../../config/types';
import type { KubernetesClient } from '../../systems/kubernetes';
import { DEFAULT_PATIENCE, type Patience } from '../wayBack';
import { CAPABILITIES } from '../capabilities';
import { GatewayRolloutError } from '../failure';
import type {
  SettingsTarget,
  TargetPlan,
  TargetReading,
  TargetReadOptions,
  TargetWriteOptions,
} from '../types';
import { DeploymentWrites } from './apply/deploymentWrites';
import { waitForGateway, type GatewayInCluster } from './apply/gatewayRollout';
import { KubernetesSwitch } from './apply/KubernetesSwitch';
import { lookUpObjects } from './apply/lookUp';
import { restartWrite } from './apply/record';
import { requireRights } from './apply/rights';
import { unverifiedSwitchOf } from './apply/unverifiedSwitch';
import { planDisconnect } from './plan/planDisconnect';
import { planSwitch } from './plan/planSwitch';
import {
  deletionRefusals,
  pauseRefusals,
  type SwitchPlan,
} from './plan/switchPlan';
import { kindsOf } from './read/layout';
import { readSnapshot } from './read/snapshot';
import { describeState } from './read/state';

/**
 * A gateway whose settings live in a ConfigMap and a Secret that its Deployment reads.
 *
 * @public
 */
export class KubernetesTarget implements SettingsTarget {
  readonly capabilities = CAPABILITIES.kubernetes;
  readonly description: string;
  readonly patience: Patience;
  readonly #config: KubernetesTargetConfig;
  readonly #client: () => Promise<KubernetesClient>;
  readonly #answers: (signal: AbortSignal) => Promise<boolean>;

  /**
   * @param client - called at each use, so that an unusable kubeconfig does not keep a backend from starting
   * @param answers - whether the gateway serves: without a readiness probe the cluster reports a container as available
   *   that is about to exit
   * @param patience - how fast writes are retried
   */
  constructor(
    config: KubernetesTargetConfig,
    client: () => Promise<KubernetesClient>,
    answers: (signal: AbortSignal) => Promise<boolean>,
    patience: Patience = DEFAULT_PATIENCE,
  ) {
    this.#config = config;
    const { restoreTimeoutMs: totalMs = patience.totalMs } = config;
    this.patience = { ...patience, totalMs };
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
      patience: this.patience,
    };
    return {
      state: describeState(snapshot, this.#config),
      unverified: unverifiedSwitchOf(gateway),
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
    const refusals = [
      ...pauseRefusals(snapshot, config),
      ...deletionRefusals(snapshot.deployment, [], true),
    ];
    if (refusals.length > 0) {
      throw new InputError(
        `The gateway was not restarted. ${refusals.join(' ')}`,
      );
    }
    await requireRights(
      client,
      config,
      { steps: [], leftovers: [], restart: true },
      options,
    );
    const since = new Date();
    const from = await new DeploymentWrites(client, config).restart(
      options,
      restartWrite(snapshot),
    );
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
          'The restart did not change its settings. Check them and restart again.',
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
      `The gateway does not come up with its current settings: ${reason}.`,
    );
  }
}

function planned(gateway: GatewayInCluster, plan: SwitchPlan): TargetPlan {
  let lookedUp: Promise<SwitchPlan> | undefined;
  const complete = (options: TargetWriteOptions) => {
    lookedUp ??= lookUpObjects(gateway, plan, options);
    return lookedUp;
  };
  const confirmRights = async (options: TargetWriteOptions) => {
    if (plan.steps.length + plan.leftovers.length > 0 || plan.restart) {
      await requireRights(
        gateway.client,
        gateway.config,
        {
          ...(await complete(options)),
          previousValues: gateway.snapshot.previousValues,
        },
        options,
      );
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
      return new KubernetesSwitch(gateway, await complete(options)).apply(
        options,
      );
    },
  };
}
