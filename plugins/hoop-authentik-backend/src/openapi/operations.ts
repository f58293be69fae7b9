import {
  accessSchema,
  certificateListSchema,
  connectionPlanSchema,
  flowListSchema,
  gatewayListSchema,
  groupListSchema,
  historyPageSchema,
  integrationPageSchema,
  integrationQuerySchema,
  lookupQuerySchema,
  pageQuerySchema,
  planQuerySchema,
  refreshStatusSchema,
  rememberedIntegrationSchema,
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
  status: 200 | 202;
  /** Name of the schema of the answer. */
  answer: keyof typeof ANSWERS;
}

/** What is answered, by the name of the schema in the document. @internal */
export const ANSWERS = {
  Access: accessSchema,
  CertificateList: certificateListSchema,
  ConnectionPlan: connectionPlanSchema,
  FlowList: flowListSchema,
  GatewayList: gatewayListSchema,
  GroupList: groupListSchema,
  HistoryPage: historyPageSchema,
  IntegrationPage: integrationPageSchema,
  RefreshStatus: refreshStatusSchema,
  RememberedIntegration: rememberedIntegrationSchema,
};

const BY_ENTITY = '/integrations/by-entity/{kind}/{namespace}/{name}';
const READ = 'hoop-authentik.integration.read';
const MANAGE = 'hoop-authentik.gateway.manage';

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
];
