import {
  resolveGateway,
  type HoopAuthentikService,
  type IntegrationSystems,
} from 'backstage-plugin-hoop-authentik-node';
import {
  observeIntegration,
  withStoredSwitch,
  type AddedCheck,
  type BulkReads,
  type ObservedIntegration,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { RunStore } from '../runs/RunStore';
import { wholeReport, type WholeReport } from './report';
import { SharedWork } from './SharedWork';

/** A gateway joined to an application. @internal */
export interface Subject {
  gateway: string;
  application: string;
}

/** What was observed, as it is shown of any entity that is attached to it. @internal */
export type Observed = (
  entityRef: string,
  /** What was known before. */
  known?: { bound: boolean },
) => WholeReport;

/** How a sweep reads: what many observations need is read once. @internal */
export interface SweepReads {
  bulk: BulkReads;
  systemsOf(systems: IntegrationSystems, subject: Subject): IntegrationSystems;
}

/**
 * Observes integrations, once for all who ask within seconds: however often cards are refreshed, the tasks that change a
 * gateway still get their turn at its systems.
 *
 * @internal
 */
export class Observer {
  readonly #gateways: HoopAuthentikService;
  readonly #addedChecks: readonly AddedCheck[];
  readonly #switches: Pick<RunStore, 'getSwitch'>;
  readonly #observations = new SharedWork<Observed>();

  constructor(options: {
    gateways: HoopAuthentikService;
    /** Those of modules. */
    addedChecks?: readonly AddedCheck[];
    /** What runs remember of switches that are not verified yet. */
    runs: Pick<RunStore, 'getSwitch'>;
  }) {
    this.#gateways = options.gateways;
    this.#addedChecks = options.addedChecks ?? [];
    this.#switches = options.runs;
  }

  /**
   * Observes now, and in full.
   *
   * @param options - `anew`: does not take what was observed within seconds, since that may have begun before a change
   * @throws ServiceUnavailableError with `retryAfter` in seconds when too many are being observed
   */
  async observe(
    subject: Subject,
    options?: { signal?: AbortSignal; anew?: boolean },
  ): Promise<Observed> {
    return this.#observations.run(
      JSON.stringify([subject.gateway, subject.application]),
      tooLong => this.#observe(subject, { signal: tooLong }),
      options,
    );
  }

  /** Observes as part of a sweep. */
  async observeInSweep(
    subject: Subject,
    options: { signal: AbortSignal; reads: SweepReads },
  ): Promise<Observed> {
    return this.#observe(subject, options);
  }

  async #observe(
    subject: Subject,
    { signal, reads }: { signal: AbortSignal; reads?: SweepReads },
  ): Promise<Observed> {
    const { gateway, desired } = resolveGateway(this.#gateways, subject);
    const { config, authentik, systems } = gateway;
    const facts = await observeIntegration(
      reads?.systemsOf(systems, subject) ?? systems,
      desired,
      // However many cards are open, tasks get their turn at the systems first.
      { signal, lane: 'reader', bulk: reads?.bulk },
    );
    const observed = await this.#withSwitch(config.name, facts);
    return (entityRef, known) =>
      wholeReport(
        entityRef,
        { gateway: config, authentik },
        { ...desired, wasBound: known?.bound },
        observed,
        this.#addedChecks,
      );
  }

  /** The gateway itself does not show that no run has verified how it signs people in. */
  async #withSwitch(
    gateway: string,
    observed: ObservedIntegration,
  ): Promise<ObservedIntegration> {
    const { target, targetCapabilities } = observed;
    if (!target.ok || !targetCapabilities.isStoredConfiguration) {
      return observed;
    }
    const record = await this.#switches.getSwitch(gateway);
    return {
      ...observed,
      target: { ok: true, value: withStoredSwitch(target.value, record) },
    };
  }
}
