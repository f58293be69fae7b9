export { DatabaseGrantStore } from './DatabaseGrantStore';
export { GrantEnder } from './GrantEnder';
export type { GrantEnd, GrantStore, StoredGrant } from './GrantStore';
