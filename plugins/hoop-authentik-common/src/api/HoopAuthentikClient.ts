import {
  parseEntityRef,
  type CompoundEntityRef,
} from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import { accessSchema, type Access } from './access';
import {
  certificateListSchema,
  connectionPlanSchema,
  flowListSchema,
  gatewayListSchema,
  groupListSchema,
  type CertificateSummary,
  type ConnectionPlan,
  type FlowSummary,
  type GatewaySummary,
  type GroupSummary,
  type LookupQuery,
  type PlanQuery,
} from './gateways';
import { historyPageSchema, type HistoryPage } from './history';
import {
  integrationPageSchema,
  refreshStatusSchema,
  rememberedIntegrationSchema,
  type IntegrationPage,
  type IntegrationQuery,
  type RefreshStatus,
  type RememberedIntegration,
} from './integrations';
import type { PageQuery } from './query';
import {
  accessRequestSchema,
  createdRequestSchema,
  requestDetailSchema,
  requestOptionsSchema,
  requestPageSchema,
  type AccessRequest,
  type CreatedRequest,
  type NewRequest,
  type RequestDecision,
  type RequestDetail,
  type RequestOptions,
  type RequestPage,
  type RequestQuery,
  type RequestRetry,
} from './requests';

/** Between two questions whether a refresh is done. */
const POLL_MS = 500;

/** Of each call. @public */
export interface ClientCallOptions {
  /** Gives the request up. */
  signal?: AbortSignal;
}

/** An entity, as a compound reference or in its string form. @public */
export type EntityReference = CompoundEntityRef | string;

/**
 * The HTTP API of the `hoop-authentik` backend. Every method throws a `ResponseError` when the backend refuses or fails.
 *
 * @public
 */
export class HoopAuthentikClient {
  readonly #fetch: typeof fetch;
  readonly #baseUrl: () => Promise<string>;

  /**
   * @param options - `discoveryApi` is needed where `fetchApi` does not resolve `plugin://` addresses, as that of a portal
   * does
   */
  constructor(options: {
    fetchApi: { fetch: typeof fetch };
    discoveryApi?: { getBaseUrl(pluginId: string): Promise<string> };
  }) {
    const { fetchApi, discoveryApi } = options;
    this.#fetch = (...args) => fetchApi.fetch(...args);
    this.#baseUrl = async () =>
      discoveryApi
        ? discoveryApi.getBaseUrl('hoop-authentik')
        : 'plugin://hoop-authentik';
  }

  /** A page of the integrations that the caller may see. */
  async listIntegrations(
    query: IntegrationQuery = {},
    options?: ClientCallOptions,
  ): Promise<IntegrationPage> {
    return this.#read('integrations', integrationPageSchema, options, query);
  }

  /**
   * The integration of an entity as remembered; observed now where nothing is remembered of it yet.
   *
   * @param options - `observeNow` refreshes it first and waits for that
   */
  async getIntegration(
    entityRef: EntityReference,
    options: ClientCallOptions & { observeNow?: boolean } = {},
  ): Promise<RememberedIntegration> {
    if (options.observeNow) {
      let { status } = await this.refresh(entityRef, options);
      while (status === 'running') {
        await new Promise(resolve => {
          setTimeout(resolve, POLL_MS);
        });
        ({ status } = await this.getRefresh(entityRef, options));
      }
    }
    return this.#read(
      entityPath(entityRef),
      rememberedIntegrationSchema,
      options,
    );
  }

  /** Has the integration of an entity observed now, and does not wait for it. */
  async refresh(
    entityRef: EntityReference,
    options?: ClientCallOptions,
  ): Promise<RefreshStatus> {
    return this.#call(
      'POST',
      `${entityPath(entityRef)}/refresh`,
      refreshStatusSchema,
      options,
    );
  }

  /** The status of the last refresh of an entity's integration. */
  async getRefresh(
    entityRef: EntityReference,
    options?: ClientCallOptions,
  ): Promise<RefreshStatus> {
    return this.#read(
      `${entityPath(entityRef)}/refresh`,
      refreshStatusSchema,
      options,
    );
  }

  /** Changes of state and runs of actions, the newest first. */
  async getHistory(
    entityRef: EntityReference,
    query: PageQuery = {},
    options?: ClientCallOptions,
  ): Promise<HistoryPage> {
    return this.#read(
      `${entityPath(entityRef)}/history`,
      historyPageSchema,
      options,
      query,
    );
  }

  /** Who may sign in, and who did. */
  async getAccess(
    entityRef: EntityReference,
    options?: ClientCallOptions,
  ): Promise<Access> {
    return this.#read(`${entityPath(entityRef)}/access`, accessSchema, options);
  }

  /** The gateways that the caller may manage. */
  async listGateways(options?: ClientCallOptions): Promise<GatewaySummary[]> {
    return (await this.#read('gateways', gatewayListSchema, options)).items;
  }

  /** Groups of the gateway's authentik. */
  async listGroups(
    gateway: string,
    query: Pick<LookupQuery, 'text'> = {},
    options?: ClientCallOptions,
  ): Promise<GroupSummary[]> {
    const path = `gateways/${encodeURIComponent(gateway)}/groups`;
    return (await this.#read(path, groupListSchema, options, query)).items;
  }

  /** Certificates of the gateway's authentik. */
  async listCertificates(
    gateway: string,
    query: Pick<LookupQuery, 'text'> = {},
    options?: ClientCallOptions,
  ): Promise<CertificateSummary[]> {
    const path = `gateways/${encodeURIComponent(gateway)}/certificates`;
    return (await this.#read(path, certificateListSchema, options, query))
      .items;
  }

  /** Flows of the gateway's authentik. */
  async listFlows(
    gateway: string,
    query: LookupQuery = {},
    options?: ClientCallOptions,
  ): Promise<FlowSummary[]> {
    const path = `gateways/${encodeURIComponent(gateway)}/flows`;
    return (await this.#read(path, flowListSchema, options, query)).items;
  }

  /** What connecting the gateway would do, or why it would be refused; observed now. */
  async planConnection(
    gateway: string,
    query: PlanQuery = {},
    options?: ClientCallOptions,
  ): Promise<ConnectionPlan> {
    const path = `gateways/${encodeURIComponent(gateway)}/plan`;
    return this.#read(path, connectionPlanSchema, options, query);
  }

  /** A page of the requests that the caller may see. */
  async listRequests(
    query: RequestQuery = {},
    options?: ClientCallOptions,
  ): Promise<RequestPage> {
    return this.#read('requests', requestPageSchema, options, query);
  }

  /** What the caller can ask for at an entity. */
  async getRequestOptions(
    entityRef: EntityReference,
    options?: ClientCallOptions,
  ): Promise<RequestOptions> {
    return this.#read(
      `${entityPath(entityRef)}/request-options`,
      requestOptionsSchema,
      options,
    );
  }

  /** Asks for a connection or for access; the same as an open request is answered with that one. */
  async createRequest(
    request: NewRequest,
    options?: ClientCallOptions,
  ): Promise<CreatedRequest> {
    return this.#call(
      'POST',
      'requests',
      createdRequestSchema,
      options,
      request,
    );
  }

  /** One request, with the plan as it is now for those who may decide. */
  async getRequest(
    id: string,
    options?: ClientCallOptions,
  ): Promise<RequestDetail> {
    return this.#read(requestPath(id), requestDetailSchema, options);
  }

  /** Approves or declines a pending request. An approval starts the task that carries it out. */
  async decideRequest(
    id: string,
    decision: RequestDecision,
    options?: ClientCallOptions,
  ): Promise<AccessRequest> {
    return this.#change(id, 'decision', decision, options);
  }

  /** Takes the caller's own pending request back. */
  async withdrawRequest(
    id: string,
    options?: ClientCallOptions,
  ): Promise<AccessRequest> {
    return this.#change(id, 'withdrawal', {}, options);
  }

  /** Approves a failed request again, for the plan as it is now. */
  async retryRequest(
    id: string,
    retry: RequestRetry,
    options?: ClientCallOptions,
  ): Promise<AccessRequest> {
    return this.#change(id, 'retry', retry, options);
  }

  /** Ends the access that a completed request gave. */
  async revokeGrant(
    id: string,
    options?: ClientCallOptions,
  ): Promise<AccessRequest> {
    return this.#change(id, 'revocation', {}, options);
  }

  async #change(
    id: string,
    what: 'decision' | 'withdrawal' | 'retry' | 'revocation',
    body: object,
    options?: ClientCallOptions,
  ): Promise<AccessRequest> {
    const path = `${requestPath(id)}/${what}`;
    return this.#call('POST', path, accessRequestSchema, options, body);
  }

  async #read<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    options: ClientCallOptions | undefined,
    query: object = {},
  ): Promise<z.output<Schema>> {
    const parameters = queryOf(query);
    return this.#call(
      'GET',
      parameters ? `${path}?${parameters}` : path,
      schema,
      options,
    );
  }

  async #call<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
    options: ClientCallOptions = {},
    body?: object,
  ): Promise<z.output<Schema>> {
    const response = await this.#fetch(`${await this.#baseUrl()}/${path}`, {
      method,
      signal: options.signal,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return parseAnswer(schema, await response.json().catch(() => undefined));
  }
}

function entityPath(entityRef: EntityReference): string {
  const { kind, namespace, name } =
    typeof entityRef === 'string' ? parseEntityRef(entityRef) : entityRef;
  const path = [kind, namespace, name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/');
  return `integrations/by-entity/${path}`;
}

function requestPath(id: string): string {
  return `requests/${encodeURIComponent(id)}`;
}

/** Lists become parameters that are given several times. */
function queryOf(query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== undefined) {
        parameters.append(name, `${one}`);
      }
    }
  }
  return parameters.toString();
}

/**
 * Keeps exactly the fields of the schema, so that nothing else a server may send reaches the page. The message names
 * the fields that do not fit and never their values.
 */
function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) {
    return result.data;
  }
  const fields = result.error.issues
    .map(issue => issue.path.join('.') || 'body')
    .join(', ');
  throw new Error(
    `The hoop-authentik backend answered in an unexpected form (${fields}); check that its version matches this plugin`,
  );
}
