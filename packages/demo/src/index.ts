/**
 * Starts the portal on the sandbox: for the demo, for a look in a browser, and for tests that need the whole.
 *
 * @packageDocumentation
 */

export { startBackend, type BackendProcess } from './backendProcess';
export { Portal } from './portal';
export { huntSecrets } from './secretHunt';
export { hoopLogin } from './signIn';
export { countWrites } from './writes';
