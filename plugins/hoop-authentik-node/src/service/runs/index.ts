export { guardWrites } from './guardWrites';
export { gatewayRunsServiceRef } from './gatewayRunsServiceRef';
export {
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
