export { DatabaseIntegrationStore } from './DatabaseIntegrationStore';
export type {
  IntegrationSource,
  IntegrationStore,
  ListQuery,
  RememberedReport,
  StateChange,
} from './IntegrationStore';
