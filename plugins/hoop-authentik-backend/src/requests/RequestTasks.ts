import { randomUUID } from 'node:crypto';
import type {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { ScaffolderService } from '@backstage/plugin-scaffolder-node';
import type { PresentedRequest } from 'backstage-plugin-hoop-authentik-node/alpha';
import { reasonOf } from '../reasonOf';
import { refusalOf, templateValues } from './approvedInputs';
import type { RequestsConfig } from './config';
import type { RequestPlanner } from './RequestPlanner';
import type { RequestStore, StoredRequest } from './store';

/** How long after an approval its task may be unknown; starting one takes seconds. */
const STARTING_MS = 2 * 60_000;

/** Between two looks at a task, and how long it is followed by the process that started it. */
const LOOK_EVERY_MS = 2_000;
const FOLLOWED_MS = 15 * 60_000;

const INTERRUPTED =
  'The approval was interrupted before its task was known. Nothing that a task of it might still do is allowed any more. Approve it again.';
const CHANGED =
  'The systems have changed since the approval, so that it no longer holds. Review the plan as it is now.';

type Outcome = Parameters<RequestStore['end']>[2];

/**
 * The scaffolder tasks that carry requests out. An approval is named anew each time, and one task at most can take it up.
 *
 * @internal
 */
export class RequestTasks {
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #config: Pick<RequestsConfig, 'templates'>;
  readonly #logger: LoggerService;
  readonly #planner: Pick<RequestPlanner, 'plan'>;
  readonly #scaffolder: Pick<ScaffolderService, 'scaffold' | 'getTask'>;
  readonly #store: RequestStore;
  readonly #onChange: () => void;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: {
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    config: Pick<RequestsConfig, 'templates'>;
    logger: LoggerService;
    /** Called when a request has changed its state. */
    onChange: () => void;
    planner: Pick<RequestPlanner, 'plan'>;
    scaffolder: Pick<ScaffolderService, 'scaffold' | 'getTask'>;
    store: RequestStore;
  }) {
    this.#auth = options.auth;
    this.#config = options.config;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
    this.#planner = options.planner;
    this.#scaffolder = options.scaffolder;
    this.#store = options.store;
  }

  newAttempt(): string {
    return randomUUID();
  }

  /** Starts the task of a request that was approved right now, as its approver; where it does not start, the attempt ends. */
  async start(
    request: StoredRequest,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const { id, attempt, kind } = request;
    let taskId: string;
    try {
      ({ taskId } = await this.#scaffolder.scaffold(
        {
          templateRef: this.#config.templates[kind],
          values: templateValues(request, `${id}.${attempt}`),
        },
        { credentials },
      ));
    } catch (error) {
      this.#logger.warn(
        `The task of the request ${id} was not started: ${reasonOf(error)}`,
      );
      await this.#end(request, {
        state: 'failed',
        failure: `The template ${
          this.#config.templates[kind]
        } could not be started${statusOf(
          error,
        )}. The log of the backend names the reason.`,
      });
      return;
    }
    if (await this.#store.started(id, attempt, taskId)) {
      this.#follow({ ...request, taskId }, Date.now() + FOLLOWED_MS);
    }
  }

  /**
   * Whether a request allows what a task presents. Before the first action of its task the plan is made anew.
   *
   * @returns why not; `undefined` where it is allowed
   */
  async present(presented: PresentedRequest): Promise<string | undefined> {
    const [id, attempt = ''] = presented.request.split('.');
    const request = await this.#store.get(id);
    if (!request || attempt === '' || request.attempt !== attempt) {
      return 'There is no such approval, or a later one has taken its place.';
    }
    const refusal = refusalOf(request, presented);
    if (refusal !== undefined) {
      return refusal;
    }
    const { taskId } = presented;
    if (request.state === 'approved' && isFree(request, taskId)) {
      const { digest } = await this.#planner.plan(request);
      if (digest !== request.planDigest) {
        await this.#end(request, { state: 'failed', failure: CHANGED });
        return CHANGED;
      }
    }
    if (await this.#store.claim(id, attempt, taskId)) {
      this.#onChange();
      return undefined;
    }
    return 'The approval was taken up by another task, or has ended. Retry the request from the queue.';
  }

  /** Brings the state of a request up to that of its task. @returns whether its attempt has ended */
  async settle(request: StoredRequest): Promise<boolean> {
    const outcome = await this.#outcomeOf(request);
    return outcome !== undefined && this.#end(request, outcome);
  }

  stop(): void {
    this.#timers.forEach(clearTimeout);
  }

  async #outcomeOf(request: StoredRequest): Promise<Outcome | undefined> {
    const { taskId, attemptedAt } = request;
    if (taskId === undefined) {
      return Date.now() - attemptedAt > STARTING_MS
        ? { state: 'failed', failure: INTERRUPTED }
        : undefined;
    }
    let status: string;
    try {
      ({ status } = await this.#scaffolder.getTask(
        { taskId },
        { credentials: await this.#auth.getOwnServiceCredentials() },
      ));
    } catch (error) {
      if (isError(error) && error.statusCode === 404) {
        return { state: 'failed', failure: 'Its task is gone.' };
      }
      throw error;
    }
    if (status === 'completed') {
      return { state: 'completed' };
    }
    return ['open', 'processing'].includes(status)
      ? undefined
      : {
          state: 'failed',
          failure:
            status === 'cancelled'
              ? 'Its task was cancelled.'
              : 'Its task failed. The log of the task names the reason.',
        };
  }

  async #end(request: StoredRequest, outcome: Outcome): Promise<boolean> {
    const ended = await this.#store.end(request.id, request.attempt, outcome);
    if (ended) {
      this.#onChange();
    }
    return ended;
  }

  #follow(request: StoredRequest, until: number): void {
    const timer = setTimeout(async () => {
      this.#timers.delete(timer);
      try {
        const known = await this.#store.get(request.id);
        const goesOn =
          known?.attempt === request.attempt &&
          ['approved', 'running'].includes(known.state);
        if (goesOn && !(await this.settle(known)) && Date.now() < until) {
          this.#follow(request, until);
        }
      } catch (error) {
        // Looked at again with all others.
        this.#logger.debug(
          `The task of the request ${request.id} cannot be followed: ${reasonOf(
            error,
          )}`,
        );
      }
    }, LOOK_EVERY_MS);
    timer.unref();
    this.#timers.add(timer);
  }
}

function isFree({ taskId }: StoredRequest, wanted: string): boolean {
  return taskId === undefined || taskId === wanted;
}

function statusOf(error: unknown): string {
  return isError(error) && typeof error.statusCode === 'number'
    ? ` (status ${error.statusCode})`
    : '';
}
