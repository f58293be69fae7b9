export { DatabaseIntegrationStore } from './DatabaseIntegrationStore';
export type {
  IntegrationSource,
  IntegrationStore,
  ListQuery,
  RememberedReport,
  RememberedSource,
  StateChange,
} from './IntegrationStore';
export { isRefreshing, REFRESH_MS } from './refreshing';
