export { HttpClient, withoutData } from './HttpClient';
export type {
  HttpClientOptions,
  HttpRequest,
  HttpResponse,
} from './HttpClient';
