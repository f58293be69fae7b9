export { useIntegration } from './useIntegration';
export type { IntegrationResult } from './useIntegration';
export { useRequest } from './useRequest';
export type { RequestResult } from './useRequest';
