/**
 * Words, schemas, annotations and permissions shared by the Hoop.dev and authentik plugins.
 *
 * @packageDocumentation
 */

export * from './annotations';
export * from './api';
export * from './checks';
export * from './integration';
export * from './permissions';
export * from './problems';
export * from './settings';
