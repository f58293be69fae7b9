export { connectionTo } from './connection';
export {
  type ConnectionOptions,
  type HttpClientOptions,
  type HttpRequest,
} from './types';
export { HttpClient } from './HttpClient';
export { HttpResponse } from './HttpResponse';
export { decodeAnswer, decodeValue } from './decodeAnswer';
export { parseJson } from './json';
export { withoutData } from './networkErrors';
export { readPages } from './pages';
