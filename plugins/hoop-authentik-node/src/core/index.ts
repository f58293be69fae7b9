export { conceal, redact } from './conceal';
export { reasonOf, sentence, takeApartRemedy, withRemedy } from './errors';
export {
  failureKindOf,
  failureOf,
  withFailure,
  type FailedSystem,
  type Failure,
} from './failure';
export { isObjectName, isSlug } from './names';
export { SecretValue } from './SecretValue';
export { once, unlessAborted } from './sharedWork';
export { describeValue, oneLine, withoutColours } from './texts';
export type { CallOptions, PlanLine, Settings } from './types';
