import {
  accessRequestSchema,
  accessSchema,
  certificateListSchema,
  connectionPlanSchema,
  createdRequestSchema,
  flowListSchema,
  gatewayListSchema,
  groupListSchema,
  historyPageSchema,
  integrationPageSchema,
  integrationQuerySchema,
  lookupQuerySchema,
  newRequestSchema,
  pageQuerySchema,
  planQuerySchema,
  refreshStatusSchema,
  rememberedIntegrationSchema,
  requestDecisionSchema,
  requestDetailSchema,
  requestOptionsSchema,
  requestPageSchema,
  requestQuerySchema,
  requestRetrySchema,
} from 'backstage-plugin-hoop-authentik-common';
import type { z } from 'zod';

/** One request of the HTTP API. @internal */
export interface Operation {
  id: string;
  method: 'get' | 'post';
  /** With parameters in braces. */
  path: string;
  summary: string;
  /** The permission that the caller needs. */
  permission: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  status: 200 | 202;
  /** Name of the schema of the answer. */
  answer: keyof typeof ANSWERS;
}

/** What is answered, by the name of the schema in the document. @internal */
export const ANSWERS = {
  Access: accessSchema,
  AccessRequest: accessRequestSchema,
  CertificateList: certificateListSchema,
  ConnectionPlan: connectionPlanSchema,
  CreatedRequest: createdRequestSchema,
  FlowList: flowListSchema,
  GatewayList: gatewayListSchema,
  GroupList: groupListSchema,
  HistoryPage: historyPageSchema,
  IntegrationPage: integrationPageSchema,
  RefreshStatus: refreshStatusSchema,
  RememberedIntegration: rememberedIntegrationSchema,
  RequestDetail: requestDetailSchema,
  RequestOptions: requestOptionsSchema,
  RequestPage: requestPageSchema,
};

const BY_ENTITY = '/integrations/by-entity/{kind}/{namespace}/{name}';
const READ = 'hoop-authentik.integration.read';
const MANAGE = 'hoop-authentik.gateway.manage';
const CREATE = 'hoop-authentik.request.create';
const DECIDE =
  'hoop-authentik.request.decide for the gateway, as one of its approvers';
const ONE = '/requests/{id}';

/** Everything that users and services can ask. @internal */
export const OPERATIONS: Operation[] = [
  {
    id: 'listIntegrations',
    method: 'get',
    path: '/integrations',
    summary: 'A page of the integrations that the caller may see',
    permission: `${READ} for each entity, ${MANAGE} for gateways without one`,
    query: integrationQuerySchema,
    status: 200,
    answer: 'IntegrationPage',
  },
  {
    id: 'getIntegration',
    method: 'get',
    path: BY_ENTITY,
    summary: 'The integration of an entity, as remembered',
    permission: READ,
    status: 200,
    answer: 'RememberedIntegration',
  },
  {
    id: 'refreshIntegration',
    method: 'post',
    path: `${BY_ENTITY}/refresh`,
    summary: 'Has the integration of an entity observed now',
    permission: 'hoop-authentik.integration.refresh',
    status: 202,
    answer: 'RefreshStatus',
  },
  {
    id: 'getRefresh',
    method: 'get',
    path: `${BY_ENTITY}/refresh`,
    summary: 'The status of the last refresh',
    permission: READ,
    status: 200,
    answer: 'RefreshStatus',
  },
  {
    id: 'getHistory',
    method: 'get',
    path: `${BY_ENTITY}/history`,
    summary: 'Changes of state and runs of actions, the newest first',
    permission: READ,
    query: pageQuerySchema,
    status: 200,
    answer: 'HistoryPage',
  },
  {
    id: 'getAccess',
    method: 'get',
    path: `${BY_ENTITY}/access`,
    summary: 'Who may sign in, and who did',
    permission: 'hoop-authentik.access.read',
    status: 200,
    answer: 'Access',
  },
  {
    id: 'listGateways',
    method: 'get',
    path: '/gateways',
    summary: 'The gateways that the caller may manage',
    permission: `${MANAGE} for each`,
    status: 200,
    answer: 'GatewayList',
  },
  ...(
    [
      ['Groups', 'groups', 'GroupList'],
      ['Certificates', 'certificates', 'CertificateList'],
      ['Flows', 'flows', 'FlowList'],
    ] as const
  ).map(
    ([name, path, answer]): Operation => ({
      id: `list${name}`,
      method: 'get',
      path: `/gateways/{gateway}/${path}`,
      summary: `${name} of the gateway's authentik`,
      permission: MANAGE,
      query: lookupQuerySchema,
      status: 200,
      answer,
    }),
  ),
  {
    id: 'planConnection',
    method: 'get',
    path: '/gateways/{gateway}/plan',
    summary: 'What connecting the gateway would do, or why it would be refused',
    permission: MANAGE,
    query: planQuerySchema,
    status: 200,
    answer: 'ConnectionPlan',
  },
  {
    id: 'getRequestOptions',
    method: 'get',
    path: `${BY_ENTITY}/request-options`,
    summary: 'What the caller can ask for at an entity',
    permission: CREATE,
    status: 200,
    answer: 'RequestOptions',
  },
  {
    id: 'listRequests',
    method: 'get',
    path: '/requests',
    summary: 'A page of the requests that the caller may see',
    permission: `none for those of the caller, else ${DECIDE}`,
    query: requestQuerySchema,
    status: 200,
    answer: 'RequestPage',
  },
  {
    id: 'createRequest',
    method: 'post',
    path: '/requests',
    summary: 'Asks for a connection or for access',
    permission: CREATE,
    body: newRequestSchema,
    status: 200,
    answer: 'CreatedRequest',
  },
  {
    id: 'getRequest',
    method: 'get',
    path: ONE,
    summary: 'One request, with its plan for those who may decide',
    permission: `none for the requester, else ${DECIDE}`,
    status: 200,
    answer: 'RequestDetail',
  },
  {
    id: 'decideRequest',
    method: 'post',
    path: `${ONE}/decision`,
    summary: 'Approves or declines a pending request',
    permission: DECIDE,
    body: requestDecisionSchema,
    status: 200,
    answer: 'AccessRequest',
  },
  {
    id: 'retryRequest',
    method: 'post',
    path: `${ONE}/retry`,
    summary: 'Approves a failed request again',
    permission: DECIDE,
    body: requestRetrySchema,
    status: 200,
    answer: 'AccessRequest',
  },
  {
    id: 'withdrawRequest',
    method: 'post',
    path: `${ONE}/withdrawal`,
    summary: 'Takes a pending request back',
    permission: 'none; the requester only',
    status: 200,
    answer: 'AccessRequest',
  },
  {
    id: 'revokeGrant',
    method: 'post',
    path: `${ONE}/revocation`,
    summary: 'Ends the access that a request gave',
    permission: DECIDE,
    status: 200,
    answer: 'AccessRequest',
  },
];
