export { NOT_SIMULATED } from './notSimulated';
export type { NotSimulated } from './notSimulated';
export { startAuthentik } from './server';
export type {
  AuthentikSandbox,
  AuthentikSandboxOptions,
  AuthentikVersion,
} from './types';
