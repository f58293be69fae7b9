export { HttpClient } from './HttpClient';
export type {
  HttpClientOptions,
  HttpRequest,
  HttpResponse,
} from './HttpClient';
