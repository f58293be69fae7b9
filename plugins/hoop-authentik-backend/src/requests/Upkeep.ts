import type { LoggerService } from '@backstage/backend-plugin-api';
import type { GrantEnder, GrantStore } from '../grants';
import { reasonOf } from '../reasonOf';
import type { Approvers } from './Approvers';
import type { RequestNews } from './RequestNews';
import type { RequestTasks } from './RequestTasks';
import type { RequestStore } from './store';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Pending requests whose approvers are read again in one go. */
const MOST_PENDING = 500;

interface UpkeepServices {
  approvers: Pick<Approvers, 'current'>;
  ender: Pick<GrantEnder, 'endDue'>;
  grants: Pick<GrantStore, 'warn'>;
  /** How long closed requests are remembered. */
  keepMs: number;
  logger: LoggerService;
  news: Pick<RequestNews, 'spread'>;
  remindAfterMs: number;
  store: RequestStore;
  tasks: Pick<RequestTasks, 'settle'>;
}

/**
 * What requests and grants need without a caller: expiry, reminders, tasks that ended while no process followed them, and
 * access whose time has come.
 *
 * @internal
 */
export class Upkeep {
  readonly #services: UpkeepServices;

  constructor(services: UpkeepServices) {
    this.#services = services;
  }

  /** Each part is tried, whatever becomes of the others. */
  async run(signal: AbortSignal): Promise<void> {
    const { ender, grants, keepMs, news, remindAfterMs, store } =
      this.#services;
    await this.#try('End access whose time has come', () =>
      ender.endDue(signal),
    );
    await this.#try('Announce the end of access', () => grants.warn(DAY_MS));
    await this.#try('Let requests expire', () => store.expire());
    await this.#try('Read approvers again', () => this.#refreshApprovers());
    await this.#try('Remind approvers', () => store.remind(remindAfterMs));
    await this.#try('Follow tasks', () => this.#settle(signal));
    await this.#try('Spread news', () => news.spread());
    await this.#try('Forget old requests', () => store.prune(keepMs));
  }

  async #settle(signal: AbortSignal): Promise<void> {
    const { store, tasks } = this.#services;
    for (const request of await store.underWay()) {
      signal.throwIfAborted();
      await this.#try(`Follow the request ${request.id}`, () =>
        tasks.settle(request),
      );
    }
  }

  async #refreshApprovers(): Promise<void> {
    const { approvers, store } = this.#services;
    const pending = await store.pending(MOST_PENDING);
    const current = await approvers.current(pending);
    for (const [index, { id, approvers: known }] of pending.entries()) {
      if (current[index].join() !== known.join()) {
        await store.setApprovers(id, current[index]);
      }
    }
  }

  async #try(what: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#services.logger.warn(
        `${what}: not possible at present, ${reasonOf(
          error,
        )}. It is tried again.`,
      );
    }
  }
}
