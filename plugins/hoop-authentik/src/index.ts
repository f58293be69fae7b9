/**
 * Frontend plugin that shows, on the page of a catalog entity, the state of the integration of a Hoop.dev gateway with
 * authentik.
 *
 * @packageDocumentation
 */

export { hoopAuthentikPlugin as default } from './plugin';
export * from './api';
export { hoopAuthentikTranslationRef } from './translation';
export { isHoopAuthentikAvailable } from 'backstage-plugin-hoop-authentik-common';
