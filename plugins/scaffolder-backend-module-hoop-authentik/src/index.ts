/**
 * Scaffolder actions that join a Hoop.dev gateway to authentik.
 *
 * @packageDocumentation
 */

export { scaffolderModuleHoopAuthentik as default } from './module';
export * from './actions';
