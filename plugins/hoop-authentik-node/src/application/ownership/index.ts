export type {
  ApplicationClaim,
  Owned,
  OwnedApplication,
  OwnedKeyPair,
  OwnedPair,
  OwnedProvider,
  OwnershipOptions,
} from './owned';
export {
  bindingsOfCutOff,
  findOwn,
  isOwnLeftOver,
  refuseSharedClient,
  requireOwn,
} from './rule';
export {
  createOwnApplication,
  createOwnPair,
  createOwnProvider,
  recordKey,
} from './creation';
export { createOwnKeyPair, findOwnKeyPair } from './keys';
export { keyRecordOf, providerRecordOf, recordOf } from './createdObjects';
