export { readHoopAuthentikConfig } from './readConfig';
export type * from './types';
