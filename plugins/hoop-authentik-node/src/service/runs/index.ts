export { guardWrites } from './guardWrites';
export { gatewayRunsServiceRef } from './gatewayRunsServiceRef';
export { presentedRequestSchema, type PresentedRequest } from './approval';
export {
  accessGrantRecordSchema,
  createdObjectSchema,
  heldSchema,
  runAnswerSchema,
  runEndSchema,
  runRequestSchema,
  storedSwitchSchema,
} from './schemas';
export { RUN_LEASE_MS } from './types';
export type {
  BeginRunOptions,
  GatewayRun,
  GatewayRuns,
  RunHolder,
} from './types';
