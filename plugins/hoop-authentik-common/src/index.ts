/**
 * Words, schemas, annotations and permissions shared by the Hoop.dev and authentik plugins.
 *
 * @packageDocumentation
 */

export * from './annotations';
export * from './integration';
export * from './permissions';
export * from './settings';
