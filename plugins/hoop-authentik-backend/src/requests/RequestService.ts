import type {
  AuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  stringifyEntityRef,
  type CompoundEntityRef,
} from '@backstage/catalog-model';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  hoopAuthentikRequestCreatePermission,
  type AccessRequest,
  type CreatedRequest,
  type RequestDetail,
  type RequestOptions,
  type RequestPage,
  type RequestSubject,
  type newRequestSchema,
  type requestDecisionSchema,
} from 'backstage-plugin-hoop-authentik-common';
import {
  resolveGateway,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import type { z } from 'zod';
import type { GrantEnder, GrantStore } from '../grants';
import { reasonOf } from '../reasonOf';
import type { CallerOptions } from '../services/IntegrationService';
import type { Permits } from '../services/Permits';
import type { IntegrationStore } from '../store';
import { approversOf, type Approvers } from './Approvers';
import type { RequestsConfig } from './config';
import { requesterOf, type Requester } from './Requester';
import type { RequestPlanner } from './RequestPlanner';
import type { RequestTasks } from './RequestTasks';
import { isDecider, shownRequest } from './shownRequest';
import type { RequestListQuery, RequestStore, StoredRequest } from './store';
import type { Subjects } from './Subjects';

/** Problems that an approver is shown. */
const MOST_PROBLEMS = 10;

/** @internal */
export interface RequestServices {
  approvers: Pick<Approvers, 'current'>;
  auth: Pick<AuthService, 'isPrincipal'>;
  config: RequestsConfig;
  ender: Pick<GrantEnder, 'revoke'>;
  gateways: HoopAuthentikService;
  grants: Pick<GrantStore, 'ofRequest'>;
  integrations: Pick<IntegrationStore, 'get'>;
  /** Called when a request has changed. */
  onChange: () => void;
  permits: Pick<Permits, 'requireEntity' | 'decidable' | 'readable'>;
  planner: Pick<RequestPlanner, 'plan'>;
  store: RequestStore;
  subjects: Pick<Subjects, 'of'>;
  tasks: Pick<RequestTasks, 'newAttempt' | 'start'>;
  userInfo: UserInfoService;
}

/**
 * What users ask for and approvers decide. Each method throws a `NotAllowedError` for a caller that is no user, and for one
 * request a `NotFoundError` where there is none or the caller may not see it.
 *
 * @internal
 */
export class RequestService {
  readonly #services: RequestServices;

  constructor(services: RequestServices) {
    this.#services = services;
  }

  /** What the caller can ask for at an entity. */
  async options(
    ref: CompoundEntityRef,
    options: CallerOptions,
  ): Promise<RequestOptions> {
    const { gateway, approvers, subjectsOf } = await this.#at(ref, options);
    const { name, title, allowedGroups = [] } = gateway.config;
    return {
      gateway: { name, title },
      subjects: await subjectsOf(),
      allowedGroups,
      approvers,
    };
  }

  async create(
    asked: z.output<typeof newRequestSchema>,
    options: CallerOptions,
  ): Promise<CreatedRequest> {
    const { config, store } = this.#services;
    const { gateway, desired, approvers, entityRef, requester, subjectsOf } =
      await this.#at(entityRefOf(asked.entityRef), options);
    if (approvers.length === 0) {
      throw new InputError(
        `A request for ${entityRef} cannot be decided: it has no owner, and app-config names no approvers of the gateway "${gateway.config.name}". Give it one of them.`,
      );
    }
    const wanted =
      asked.kind === 'access' ? [asked.subject] : [...new Set(asked.groups)];
    const refs = wanted.map(ref => stringifyEntityRef(entityRefOf(ref)));
    const subjects = await subjectsOf(refs);
    requireSubjects(asked.kind, refs, subjects);
    const until = asked.kind === 'access' ? endOf(asked.until) : undefined;
    const groups =
      asked.kind === 'connect'
        ? [
            ...new Set([
              ...(gateway.config.allowedGroups ?? []),
              ...subjects.map(({ name }) => name),
            ]),
          ]
        : [];
    if (asked.kind === 'connect' && groups.length === 0) {
      throw new InputError(
        `Name a group of yours whose members are to sign in: app-config allows none for the gateway "${gateway.config.name}".`,
      );
    }
    const { request, created } = await store.create(
      {
        kind: asked.kind,
        entityRef,
        gateway: { name: gateway.config.name, title: gateway.config.title },
        application: desired.application.slug,
        requester: requester.user,
        reason: asked.reason,
        groups,
        subject: asked.kind === 'access' ? subjectOf(subjects[0]) : undefined,
        until,
        approvers,
        expiresAt: Date.now() + config.expireAfterMs,
      },
      config.mostOpenPerUser,
    );
    if (created) {
      this.#services.onChange();
    }
    return { request: await this.#shown(request, requester, options), created };
  }

  async list(
    query: RequestListQuery,
    options: CallerOptions,
  ): Promise<RequestPage> {
    const { config, gateways, permits, store } = this.#services;
    const requester = await this.#requester(options);
    const decidable = await permits.decidable(
      gateways.gatewayNames(),
      options.credentials,
    );
    const { items, nextCursor } = await store.list(query, {
      ...requester,
      gateways: [...decidable],
      allowSelfApproval: config.allowSelfApproval,
    });
    return {
      items: items.map(request =>
        shownRequest(request, requester, {
          ...config,
          isPermitted: decidable.has(request.gateway.name),
        }),
      ),
      ...(nextCursor ? { nextCursor } : {}),
    };
  }

  async get(id: string, options: CallerOptions): Promise<RequestDetail> {
    const visible = await this.#visible(id, options);
    const { request, shown } = visible;
    const problems = (await this.#readableProblems(visible, options))
      .slice(0, MOST_PROBLEMS)
      .map(problem => ({
        id: problem.id,
        severity: problem.severity,
        title: problem.title,
        params: problem.params,
      }));
    if (!(shown.may.decide || shown.may.retry)) {
      // Plans name objects of the systems, which concern those who decide.
      return { ...shown, problems };
    }
    try {
      const plan = await this.#services.planner.plan(request, options);
      return { ...shown, problems, plan };
    } catch (error) {
      options.signal?.throwIfAborted();
      return { ...shown, problems, planError: reasonOf(error) };
    }
  }

  async decide(
    id: string,
    decision: z.output<typeof requestDecisionSchema>,
    options: CallerOptions,
  ): Promise<AccessRequest> {
    const { request, requester, shown } = await this.#visible(id, options);
    this.#requireDecider(request, requester, shown, options);
    if (request.state !== 'pending') {
      throw alreadyIn(request);
    }
    const { store } = this.#services;
    if (decision.decision === 'approve') {
      return this.#approve(request, requester, decision, options, approval =>
        store.approve(id, approval),
      );
    }
    const { comment } = decision;
    if (!(await store.decline(id, requester.user, comment))) {
      throw await this.#overtaken(id);
    }
    this.#services.onChange();
    return this.#shownAgain(id, requester, options);
  }

  async retry(
    id: string,
    { planDigest }: { planDigest: string },
    options: CallerOptions,
  ): Promise<AccessRequest> {
    const { request, requester, shown } = await this.#visible(id, options);
    this.#requireDecider(request, requester, shown, options);
    if (request.state !== 'failed') {
      throw alreadyIn(request);
    }
    return this.#approve(
      request,
      requester,
      { planDigest, comment: request.comment },
      options,
      approval => this.#services.store.retry(id, approval),
    );
  }

  async withdraw(id: string, options: CallerOptions): Promise<AccessRequest> {
    const { request, requester } = await this.#visible(id, options);
    if (request.requester !== requester.user) {
      throw new NotAllowedError('Only the requester withdraws a request');
    }
    if (!(await this.#services.store.withdraw(id))) {
      throw await this.#overtaken(id);
    }
    this.#services.onChange();
    return this.#shownAgain(id, requester, options);
  }

  async revoke(id: string, options: CallerOptions): Promise<AccessRequest> {
    const { request, requester, isPermitted } = await this.#visible(
      id,
      options,
    );
    // Ending one's own access gives no one a right.
    const anyOwn = { isPermitted, allowSelfApproval: true };
    if (!isDecider(request, requester, anyOwn)) {
      throw new NotAllowedError(
        `Only the approvers of the gateway "${request.gateway.name}" end the access that a request gave`,
      );
    }
    const grant = await this.#services.grants.ofRequest(id);
    if (!grant || request.grant?.endedAt) {
      throw new ConflictError('The request gave no access, or it has ended');
    }
    const signal = options.signal ?? new AbortController().signal;
    await this.#services.ender.revoke(grant, signal);
    this.#services.onChange();
    return this.#shownAgain(id, requester, options);
  }

  async #approve(
    request: StoredRequest,
    requester: Requester,
    { planDigest, comment }: { planDigest: string; comment?: string },
    options: CallerOptions,
    approve: (
      approval: Parameters<RequestStore['approve']>[1],
    ) => Promise<boolean>,
  ): Promise<AccessRequest> {
    const { planner, store, tasks } = this.#services;
    const plan = await planner.plan(request, options);
    if (plan.refusal !== undefined) {
      throw new ConflictError(
        `The request cannot be carried out: ${plan.refusal}`,
      );
    }
    if (plan.digest !== planDigest) {
      throw new ConflictError(
        'The plan is another one than the one you have seen: the systems have changed since. Review it again.',
      );
    }
    const attempt = tasks.newAttempt();
    const by = requester.user;
    if (!(await approve({ by, comment, planDigest, attempt }))) {
      throw await this.#overtaken(request.id);
    }
    const approved = await store.get(request.id);
    if (approved?.attempt === attempt) {
      await tasks.start(approved, options.credentials);
    }
    this.#services.onChange();
    return this.#shownAgain(request.id, requester, options);
  }

  /** Approvers see them with the request, others only where they may read the integration. */
  async #readableProblems(
    {
      request,
      requester,
      isPermitted,
    }: {
      request: StoredRequest;
      requester: Requester;
      isPermitted: boolean;
    },
    { credentials }: CallerOptions,
  ) {
    const { integrations, permits } = this.#services;
    const { entityRef } = request;
    const anyOwn = { isPermitted, allowSelfApproval: true };
    const isReader =
      isDecider(request, requester, anyOwn) ||
      (await permits.readable([entityRef], credentials)).has(entityRef);
    const known = isReader ? await integrations.get(entityRef) : undefined;
    return known?.report?.problems ?? [];
  }

  /** What a request at an entity is about. */
  async #at(ref: CompoundEntityRef, options: CallerOptions) {
    const { gateways, permits, subjects } = this.#services;
    const requester = await this.#requester(options);
    const entity = await permits.requireEntity(
      ref,
      hoopAuthentikRequestCreatePermission,
      options.credentials,
    );
    const entityRef = stringifyEntityRef(entity);
    const { gateway, desired } = resolveGateway(gateways, {
      entity: { ref: entityRef, annotations: entity.metadata.annotations },
    });
    return {
      gateway,
      desired,
      entityRef,
      requester,
      approvers: approversOf(gateway.config.approvers, entity),
      subjectsOf: (wanted?: readonly string[]) =>
        subjects.of(
          requester,
          gateway.systems.authentik,
          { signal: options.signal, lane: 'reader' },
          wanted,
        ),
    };
  }

  async #requester({ credentials }: CallerOptions): Promise<Requester> {
    return requesterOf(this.#services, credentials);
  }

  /** A request with its approvers as they are now, for one who may see it. */
  async #visible(id: string, options: CallerOptions) {
    const { approvers, permits, store } = this.#services;
    const requester = await this.#requester(options);
    const found = await store.get(id);
    if (!found) {
      throw unknown(id);
    }
    const [current] = await approvers.current([found]);
    const request = { ...found, approvers: current };
    const name = request.gateway.name;
    const permitted = await permits.decidable([name], options.credentials);
    const isPermitted = permitted.has(name);
    const shown = shownRequest(request, requester, {
      ...this.#services.config,
      isPermitted,
    });
    const isVisible =
      request.requester === requester.user ||
      isDecider(request, requester, { isPermitted, allowSelfApproval: true });
    if (!isVisible) {
      throw unknown(id);
    }
    if (current.join() !== found.approvers.join()) {
      await store.setApprovers(id, current);
    }
    return { request, requester, shown, isPermitted };
  }

  async #shown(
    request: StoredRequest,
    requester: Requester,
    { credentials }: CallerOptions,
  ): Promise<AccessRequest> {
    const { name } = request.gateway;
    const decidable = await this.#services.permits.decidable(
      [name],
      credentials,
    );
    return shownRequest(request, requester, {
      ...this.#services.config,
      isPermitted: decidable.has(name),
    });
  }

  async #shownAgain(
    id: string,
    requester: Requester,
    options: CallerOptions,
  ): Promise<AccessRequest> {
    const request = await this.#services.store.get(id);
    if (!request) {
      throw unknown(id);
    }
    return this.#shown(request, requester, options);
  }

  #requireDecider(
    request: StoredRequest,
    requester: Requester,
    { may }: AccessRequest,
    _: CallerOptions,
  ): void {
    const isInTime = request.state !== 'pending' || may.decide;
    const isAllowed = request.state !== 'failed' || may.retry;
    if (request.requester === requester.user && !(isInTime && isAllowed)) {
      throw new NotAllowedError(
        'You cannot decide about your own request. Ask another approver.',
      );
    }
    if (!(isInTime && isAllowed)) {
      throw new NotAllowedError(
        `You are no approver of the gateway "${request.gateway.name}", the policy does not let you decide, or the request has expired`,
      );
    }
  }

  async #overtaken(id: string): Promise<Error> {
    const now = await this.#services.store.get(id);
    return now ? alreadyIn(now) : unknown(id);
  }
}

function entityRefOf(given: string): CompoundEntityRef {
  try {
    return parseEntityRef(given);
  } catch {
    throw new InputError(
      'Expected full entity references, such as resource:default/hoop',
    );
  }
}

function requireSubjects(
  kind: AccessRequest['kind'],
  refs: readonly string[],
  found: readonly RequestSubject[],
): void {
  const missing = refs.filter(
    ref => !found.some(subject => subject.ref === ref),
  );
  if (missing.length > 0) {
    throw new InputError(
      `${missing.join(', ')}: you can ask for ${
        kind === 'access' ? 'yourself and for ' : ''
      }groups that you belong to, where authentik has them too.`,
    );
  }
  if (kind === 'connect' && found.some(subject => subject.kind !== 'group')) {
    throw new InputError('A connection lets groups sign in; name groups only.');
  }
}

function subjectOf({ kind, ref, name }: RequestSubject) {
  return { kind, ref, name };
}

function endOf(until: string | undefined): string | undefined {
  if (until !== undefined && !(Date.parse(until) > Date.now())) {
    throw new InputError('The access must end in the future.');
  }
  return until === undefined ? undefined : new Date(until).toISOString();
}

function alreadyIn({ state, decidedBy }: StoredRequest): Error {
  return new ConflictError(
    `The request is ${state} already${
      decidedBy ? `; ${decidedBy} decided about it` : ''
    }`,
  );
}

function unknown(id: string): Error {
  return new NotFoundError(
    `There is no request ${JSON.stringify(id.slice(0, 50))}`,
  );
}
