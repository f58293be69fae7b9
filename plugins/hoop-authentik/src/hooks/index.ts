export { useIntegration } from './useIntegration';
export type { IntegrationResult } from './useIntegration';
export { useRequest } from './useRequest';
export type { RequestResult } from './useRequest';
export { useSignalCount } from './useSignalCount';
export { useCheckTexts } from './useCheckTexts';
export { useChange } from './useChange';
export { useMay } from './useMay';
