import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { z } from 'zod';
import {
  isSameName,
  type AccessGrant,
  type CreatedObject,
} from '../../application';
import type { CallOptions } from '../../core';
import type { StoredSwitch } from '../../targets';
import { allowedSchema, type PresentedRequest } from './approval';
import { heldSchema, runAnswerSchema } from './schemas';
import {
  LONGEST_WRITE_MS,
  RUN_LEASE_MS,
  type BeginRunOptions,
  type GatewayRun,
  type GatewayRuns,
  type RunHolder,
} from './types';

const PLUGIN_ID = 'hoop-authentik';
const CALL_TIMEOUT_MS = 10_000;
/** A request is compared with the systems as they are. */
const PRESENT_TIMEOUT_MS = 90_000;
/** A way back has only as long as its lease, and does not depend on an answer. */
const WAY_BACK_TIMEOUT_MS = 2_000;
const DEFAULT_PATIENCE_MS = 5 * 60_000;
const FIRST_POLL_MS = 200;
const LONGEST_POLL_MS = 1_000;
/** Several renewals fit into one lease, so that one that fails loses nothing. */
const RENEW_EVERY_MS = RUN_LEASE_MS / 8;
/** How long after a confirmation a write may begin that no later one confirms. */
const CERTAIN_MS = RUN_LEASE_MS - LONGEST_WRITE_MS;

/** One call of the backend plugin, as the plugin that runs the actions. */
class RunsApi {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;

  constructor(auth: AuthService, discovery: DiscoveryService) {
    this.#auth = auth;
    this.#discovery = discovery;
  }

  async call<Answer>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string[],
    schema: z.ZodType<Answer>,
    {
      body,
      lane,
      signal,
      timeoutMs = lane === 'wayBack' ? WAY_BACK_TIMEOUT_MS : CALL_TIMEOUT_MS,
    }: CallOptions & { body?: object; timeoutMs?: number } = {},
  ): Promise<Answer> {
    try {
      const { token } = await this.#auth.getPluginRequestToken({
        onBehalfOf: await this.#auth.getOwnServiceCredentials(),
        targetPluginId: PLUGIN_ID,
      });
      const baseUrl = await this.#discovery.getBaseUrl(PLUGIN_ID);
      const answer = await fetch(
        `${baseUrl}/runs/${path.map(encodeURIComponent).join('/')}`,
        {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify(body ?? {}),
          signal: AbortSignal.any([
            AbortSignal.timeout(timeoutMs),
            ...(signal ? [signal] : []),
          ]),
        },
      );
      if (!answer.ok) {
        await answer.body?.cancel();
        throw new Error(`it answered ${answer.status}`);
      }
      return schema.parse(await answer.json());
    } catch (error) {
      signal?.throwIfAborted();
      throw new ServiceUnavailableError(
        `The backend plugin ${PLUGIN_ID}, which makes sure that one run at a time writes to a gateway, cannot be asked: ${reasonOf(
          error,
          timeoutMs,
        )}. Install it in this portal and check its database.`,
      );
    }
  }
}

class HeldGateway implements GatewayRun {
  readonly id: string;
  readonly #api: RunsApi;
  readonly #gateway: string;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #created: readonly CreatedObject[];
  #unverifiedSwitch: StoredSwitch | undefined;
  #grants: readonly AccessGrant[];
  /** By our own clock: a write that begins before ends before another run can begin. */
  #certainUntil: number;

  /** @param askedAt - when it asked for the lease, which cannot have begun before */
  constructor(
    api: RunsApi,
    held: Pick<GatewayRun, 'id' | 'created' | 'grants'> &
      Partial<Pick<GatewayRun, 'unverifiedSwitch'>> & { gateway: string },
    askedAt: number,
  ) {
    this.#api = api;
    this.#gateway = held.gateway;
    this.id = held.id;
    this.#created = held.created;
    this.#unverifiedSwitch = held.unverifiedSwitch;
    this.#grants = held.grants;
    this.#certainUntil = askedAt + CERTAIN_MS;
    this.#timer = setInterval(() => {
      // One that fails is made up for by the next one; a lost lease shows in the signal.
      this.confirm().catch(() => {});
    }, RENEW_EVERY_MS);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  get created(): readonly CreatedObject[] {
    return this.#created;
  }

  get unverifiedSwitch(): StoredSwitch | undefined {
    return this.#unverifiedSwitch;
  }

  get grants(): readonly AccessGrant[] {
    return this.#grants;
  }

  async confirm({ lane }: Pick<CallOptions, 'lane'> = {}): Promise<void> {
    try {
      await this.#whileHeld('POST', ['lease'], { lane });
    } catch (error) {
      this.#lost.signal.throwIfAborted();
      // No other run can hold the gateway yet, and it must not be left half-switched.
      if (lane !== 'wayBack' || performance.now() >= this.#certainUntil) {
        throw error;
      }
    }
  }

  async record(object: CreatedObject): Promise<void> {
    await this.#whileHeld('PUT', ['created'], { body: object });
    this.#created = [...this.#without(object), object];
  }

  async forget(object: CreatedObject): Promise<void> {
    await this.#whileHeld('DELETE', ['created'], { body: object });
    this.#created = this.#without(object);
  }

  async keepSwitch(record: StoredSwitch): Promise<void> {
    await this.#whileHeld('PUT', ['switch'], { body: record });
    this.#unverifiedSwitch = record;
  }

  async clearSwitch(options?: Pick<CallOptions, 'lane'>): Promise<void> {
    if (this.#unverifiedSwitch) {
      await this.#whileHeld('DELETE', ['switch'], options);
      this.#unverifiedSwitch = undefined;
    }
  }

  async keepGrant(grant: AccessGrant): Promise<void> {
    await this.#whileHeld('PUT', ['grants'], { body: grant });
    this.#grants = [...this.#grants.filter(({ id }) => id !== grant.id), grant];
  }

  async end(outcome?: 'completed' | 'failed'): Promise<void> {
    clearInterval(this.#timer);
    // What cannot be given back expires.
    await this.#api
      .call('DELETE', [this.#gateway, this.id], heldSchema, {
        body: { outcome },
      })
      .catch(() => {});
  }

  #without(object: CreatedObject): CreatedObject[] {
    return this.#created.filter(one => !isSameName(one, object));
  }

  async #whileHeld(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string[],
    options?: CallOptions & { body?: object },
  ): Promise<void> {
    this.#lost.signal.throwIfAborted();
    const askedAt = performance.now();
    const { held } = await this.#api.call(
      method,
      [this.#gateway, this.id, ...path],
      heldSchema,
      options,
    );
    if (held) {
      this.#certainUntil = askedAt + CERTAIN_MS;
    } else {
      clearInterval(this.#timer);
      this.#lost.abort(
        new ConflictError(
          `This run no longer holds the gateway "${
            this.#gateway
          }": it was not heard of for ${
            RUN_LEASE_MS / 1000
          } seconds, and another run may write now. Run the task again.`,
        ),
      );
      this.#lost.signal.throwIfAborted();
    }
  }
}

/**
 * Asks the backend plugin, whose database all replicas share, over its API.
 *
 * @internal
 */
export class HttpGatewayRuns implements GatewayRuns {
  readonly #api: RunsApi;
  readonly #patienceMs: number;

  constructor(options: {
    auth: AuthService;
    discovery: DiscoveryService;
    /** How long a run waits for another one, in milliseconds; default five minutes. */
    patienceMs?: number;
  }) {
    this.#api = new RunsApi(options.auth, options.discovery);
    this.#patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
  }

  async begin({
    gateway,
    taskId,
    action,
    user,
    signal,
    log,
  }: BeginRunOptions): Promise<GatewayRun> {
    const id = randomUUID();
    const deadline = Date.now() + this.#patienceMs;
    for (
      let pauseMs = FIRST_POLL_MS;
      ;
      pauseMs = Math.min(2 * pauseMs, LONGEST_POLL_MS)
    ) {
      signal?.throwIfAborted();
      const askedAt = performance.now();
      const { holder, ...recorded } = await this.#api.call(
        'PUT',
        [gateway, id],
        runAnswerSchema,
        { body: { taskId, action, user } },
      );
      if (holder.runId === id) {
        const held = { gateway, id, ...recorded };
        return new HeldGateway(this.#api, held, askedAt);
      }
      if (Date.now() >= deadline) {
        throw new ConflictError(
          `The gateway "${gateway}" is in use: ${describe(
            holder,
          )}. Nothing was changed. Run the task again once that task has ended.`,
        );
      }
      if (pauseMs === FIRST_POLL_MS) {
        log(`Waiting for the gateway "${gateway}": ${describe(holder)}`);
      }
      await sleep(pauseMs, undefined, { signal });
    }
  }

  async present(
    request: PresentedRequest,
    options?: CallOptions,
  ): Promise<void> {
    const { allowed, reason } = await this.#api.call(
      'POST',
      ['presented'],
      allowedSchema,
      { ...options, body: request, timeoutMs: PRESENT_TIMEOUT_MS },
    );
    if (!allowed) {
      throw new NotAllowedError(reason ?? 'The request does not allow this.');
    }
  }
}

function describe({ taskId, action, since }: RunHolder): string {
  return `task ${taskId} has been running ${action} since ${since}`;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof z.ZodError) {
    return 'it answered something unexpected';
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `it did not answer within ${timeoutMs / 1000} seconds`;
  }
  return error instanceof Error ? error.message : String(error);
}
