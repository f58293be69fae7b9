import type { Provider } from '../store/model';
import type { Store } from '../store/store';
import type { RawRequest } from '../support/http';

/** @internal */
export interface ClientCredentials {
  id: string;
  secret: string;
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Client id and secret from the Authorization header, else from the form. Only newer servers
 * decode percent signs in the header.
 *
 * @internal
 */
export function clientCredentials(
  store: Store,
  request: RawRequest,
  form: URLSearchParams,
): ClientCredentials {
  const header = request.headers.authorization ?? '';
  if (/^basic /i.test(header)) {
    const plain = Buffer.from(header.slice(6), 'base64').toString('utf8');
    const colon = plain.indexOf(':');
    if (colon >= 0) {
      const decode = store.modern ? percentDecode : (text: string) => text;
      return {
        id: decode(plain.slice(0, colon)),
        secret: decode(plain.slice(colon + 1)),
      };
    }
  }
  return {
    id: form.get('client_id') ?? '',
    secret: form.get('client_secret') ?? '',
  };
}

/** @internal */
export function providerByClientId(
  store: Store,
  id: string,
): Provider | undefined {
  return store.providers.find(
    one => one.kind === 'oauth2' && one.client_id === id,
  );
}
