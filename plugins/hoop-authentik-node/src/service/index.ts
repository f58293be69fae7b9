export { DefaultHoopAuthentikService } from './DefaultHoopAuthentikService';
export type { Gateway, HoopAuthentikService } from './HoopAuthentikService';
export {
  hoopAuthentikChecksExtensionPoint,
  type HoopAuthentikChecksExtensionPoint,
} from './hoopAuthentikChecksExtensionPoint';
export { hoopAuthentikServiceRef } from './hoopAuthentikServiceRef';
export {
  resolveGateway,
  type GatewayReference,
  type ResolvedGateway,
} from './resolveGateway';
export * from './runs';
