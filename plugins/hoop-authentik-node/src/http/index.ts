export {
  type HttpClientOptions,
  type HttpRequest,
  type HttpResponse,
} from './types';
export { HttpClient, withoutData } from './HttpClient';
