export { useIntegration } from './useIntegration';
export type { IntegrationResult } from './useIntegration';
