export { DefaultHoopAuthentikService } from './DefaultHoopAuthentikService';
export type { Gateway, HoopAuthentikService } from './HoopAuthentikService';
export { hoopAuthentikServiceRef } from './hoopAuthentikServiceRef';
export * from './runs';
