export { administrator } from './administrators';
export { isBound, isInForce } from './authentikAccess';
export { permissions } from './authentikApplication';
export {
  withAuthentik,
  withGateway,
  withTarget,
  type AddedCheck,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
export { authMethod } from './gateway';
export { settings, shadowing } from './kubernetes';
export { CHECKS, PREFLIGHT_CHECKS, runChecks } from './runChecks';
export { loginUrl, testAccount } from './signIn';
export { storedConfiguration } from './storedConfiguration';
