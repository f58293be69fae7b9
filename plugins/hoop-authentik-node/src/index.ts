/**
 * The flow that joins a Hoop.dev gateway to authentik: desired, observe, checks, plan, apply, verify.
 *
 * @packageDocumentation
 */

export * from './application';
export * from './authentik';
export * from './config';
export * from './hoop';
export * from './integration';
export * from './kubernetes';
export * from './service';
export { SecretValue } from './support';
export * from './targets';
