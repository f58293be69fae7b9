import {
  resolveGateway,
  type HoopAuthentikService,
  type IntegrationSystems,
} from 'backstage-plugin-hoop-authentik-node';
import {
  observeIntegration,
  type AddedCheck,
  type BulkReads,
} from 'backstage-plugin-hoop-authentik-node/alpha';
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
  readonly #observations = new SharedWork<Observed>();

  constructor(options: {
    gateways: HoopAuthentikService;
    /** Those of modules. */
    addedChecks?: readonly AddedCheck[];
  }) {
    this.#gateways = options.gateways;
    this.#addedChecks = options.addedChecks ?? [];
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
    const observed = await observeIntegration(
      reads?.systemsOf(systems, subject) ?? systems,
      desired,
      // However many cards are open, tasks get their turn at the systems first.
      { signal, lane: 'reader', bulk: reads?.bulk },
    );
    return (entityRef, known) =>
      wholeReport(
        entityRef,
        { gateway: config, authentik },
        { ...desired, wasBound: known?.bound },
        observed,
        this.#addedChecks,
      );
  }
}
