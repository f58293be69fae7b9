export { hoopAuthentikApiRef } from './HoopAuthentikApi';
export type { HoopAuthentikApi } from './HoopAuthentikApi';
export { DefaultHoopAuthentikApi } from './DefaultHoopAuthentikApi';
