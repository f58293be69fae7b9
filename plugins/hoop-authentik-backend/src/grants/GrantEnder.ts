import { randomUUID } from 'node:crypto';
import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import {
  resolveGateway,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import {
  endGrants,
  RUN_LEASE_MS,
  type EndedGrant,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { reasonOf } from '../reasonOf';
import { audited } from '../routes/request';
import type { RunStore } from '../runs/RunStore';
import type { GrantEnd, GrantStore, StoredGrant } from './GrantStore';

/** Names what holds the gateway, as a task would. */
const HOLDER = { taskId: 'access', action: 'hoop:access:end' };

/**
 * Ends grants of access: deletes their bindings while it holds their gateway, so that no other run binds or unbinds
 * meanwhile.
 *
 * @internal
 */
export class GrantEnder {
  readonly #auditor: AuditorService;
  readonly #gateways: HoopAuthentikService;
  readonly #grants: GrantStore;
  readonly #logger: LoggerService;
  readonly #runs: Pick<RunStore, 'acquire' | 'renew' | 'release'>;
  readonly #onEnd: (gateway: string) => Promise<void>;

  constructor(options: {
    auditor: AuditorService;
    gateways: HoopAuthentikService;
    grants: GrantStore;
    logger: LoggerService;
    runs: Pick<RunStore, 'acquire' | 'renew' | 'release'>;
    /** Called for a gateway of which grants have ended. */
    onEnd: (gateway: string) => Promise<void>;
  }) {
    this.#auditor = options.auditor;
    this.#gateways = options.gateways;
    this.#grants = options.grants;
    this.#logger = options.logger;
    this.#runs = options.runs;
    this.#onEnd = options.onEnd;
  }

  /** Ends those whose time has come; what fails is tried again the next time. @returns how many have ended */
  async endDue(signal: AbortSignal): Promise<number> {
    const due = await this.#grants.due(this.#gateways.gatewayNames());
    const counts = await Promise.all(
      [...new Set(due.map(({ gateway }) => gateway))].map(async gateway => {
        try {
          return await this.#end(gateway, 'expired', signal, () =>
            this.#grants.due([gateway]),
          );
        } catch (error) {
          this.#logger.warn(
            `Access to the gateway "${gateway}" has not ended yet: ${reasonOf(
              error,
            )}. It is tried again.`,
          );
          return 0;
        }
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Ends one now.
   *
   * @throws ConflictError where another run holds the gateway, or the grant has changed
   * @throws ServiceUnavailableError where authentik does not delete the binding
   */
  async revoke(
    { id, gateway, request }: StoredGrant,
    signal: AbortSignal,
  ): Promise<void> {
    const ended = await this.#end(gateway, 'revoked', signal, async () => {
      const now = await this.#grants.ofRequest(request);
      if (now?.id !== id) {
        throw new ConflictError(
          'The access was extended by another request or has ended. Look at it again.',
        );
      }
      return [now];
    });
    if (ended === 0) {
      throw new ServiceUnavailableError(
        'The access could not be ended. The log of the backend names the reason; try again.',
      );
    }
  }

  /** @param read - the grants, asked for while the gateway is held: a task may have extended one until then */
  async #end(
    gateway: string,
    how: GrantEnd,
    signal: AbortSignal,
    read: () => Promise<StoredGrant[]>,
  ): Promise<number> {
    return this.#whileHeld(gateway, signal, async held => {
      const grants = await read();
      if (grants.length === 0) {
        return 0;
      }
      return audited(
        this.#auditor,
        {
          eventId: 'access-end',
          severityLevel: 'medium',
          meta: {
            gateway,
            reason: how,
            requestIds: grants.map(({ request }) => request),
          },
        },
        async () => {
          let ended = 0;
          for (const same of groupBy(grants, ({ target }) => target).values()) {
            ended += await this.#endOf(gateway, same, how, held);
          }
          if (ended > 0) {
            await this.#onEnd(gateway);
          }
          return ended;
        },
      );
    });
  }

  /** Those of one application; that another one refuses does not keep them. */
  async #endOf(
    gateway: string,
    grants: StoredGrant[],
    how: GrantEnd,
    signal: AbortSignal,
  ): Promise<number> {
    const [{ application }] = grants;
    let results: EndedGrant[];
    try {
      const resolved = resolveGateway(this.#gateways, { gateway, application });
      results = await endGrants(
        resolved.gateway.systems.authentik,
        grants,
        {
          adminGroup: resolved.gateway.config.adminGroup,
          claim: resolved.claim,
        },
        { signal },
      );
    } catch (error) {
      this.#logger.warn(
        `Access to the application "${application}" of the gateway "${gateway}" has not ended yet: ${reasonOf(
          error,
        )}. It is tried again.`,
      );
      return 0;
    }
    return this.#remember(results, how);
  }

  async #remember(results: EndedGrant[], how: GrantEnd): Promise<number> {
    let ended = 0;
    for (const result of results) {
      const { id, subject, application } = result.grant;
      if (result.ended) {
        const was = result.was === 'missing' ? 'missing' : how;
        ended += (await this.#grants.end(id, was)) ? 1 : 0;
      } else {
        this.#logger.warn(
          `The binding of the ${subject.kind} "${
            subject.name
          }" to the application "${application}" was not deleted: ${reasonOf(
            result.error,
          )}`,
        );
      }
    }
    return ended;
  }

  async #whileHeld<T>(
    gateway: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const run = { gateway, runId: randomUUID() };
    const holder = await this.#runs.acquire({ ...run, ...HOLDER });
    if (holder.runId !== run.runId) {
      throw new ConflictError(
        `The gateway "${gateway}" is in use by task ${holder.taskId} (${holder.action}) since ${holder.since}. Try again once it has ended.`,
      );
    }
    const lost = new AbortController();
    const timer = setInterval(async () => {
      const held = await this.#runs.renew(run).catch(() => false);
      if (!held) {
        lost.abort(
          new ConflictError(`The gateway "${gateway}" was lost to another run`),
        );
      }
    }, RUN_LEASE_MS / 8);
    timer.unref();
    try {
      return await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      clearInterval(timer);
      await this.#runs.release(run).catch(() => {});
    }
  }
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return groups;
}
