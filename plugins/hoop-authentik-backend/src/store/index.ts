export { DatabaseIntegrationStore } from './DatabaseIntegrationStore';
export type {
  CountedIntegration,
  IntegrationSource,
  IntegrationStore,
  ListQuery,
  RememberedReport,
  RememberedSource,
  StateChange,
} from './IntegrationStore';
export { isRefreshing, REFRESH_MS } from './refreshing';
