export * from './types';
export { AuthentikPermissionError, AuthentikServerError } from './errors';
export { DefaultAuthentikClient } from './DefaultAuthentikClient';
export { DefaultOidcProbes } from './DefaultOidcProbes';
export type { InstanceOptions } from './instance';
