export { DatabaseRequestStore } from './DatabaseRequestStore';
export type {
  Approval,
  RequestListQuery,
  RequestNewsItem,
  RequestNewsKind,
  RequestReader,
  RequestStore,
  RequestToStore,
  StoredRequest,
} from './RequestStore';
