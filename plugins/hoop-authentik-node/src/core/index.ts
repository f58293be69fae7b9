export { reasonOf, sentence, takeApartRemedy, withRemedy } from './errors';
export {
  BROKEN_CONNECTIONS,
  failureKindOf,
  failureOf,
  isBrokenConnection,
  mayBeCarriedOut,
  withFailure,
  type FailedSystem,
  type Failure,
  type FailureKind,
} from './failure';
export {
  callbackOf,
  originOfApiUrl,
  pathOfApiUrl,
  rebuiltIssuer,
} from './gatewayUrls';
export { isParsable, parseGoUrl, parseUrl } from './goUrl';
export { isObjectName, isSlug } from './names';
export { ForeignText } from './ForeignText';
export { ForeignTextFormatter } from './ForeignTextFormatter';
export { SecretValue } from './SecretValue';
export { asFound, hasIssuer } from './sameSettings';
export { isWellFormed, shownSetting } from './shownSetting';
export { secretFormOf, type SecretForm } from './secretForm';
export { once, unlessAborted, untilSettled } from './sharedWork';
export { suggestionFor } from './suggestion';
export { describeInput, describeValue, logLine } from './texts';
export type { CallOptions, Lane, PlanLine, Settings } from './types';
