import type { Provider } from '../store/model';

/**
 * Strict entries match to the letter, regular expressions must match as a whole.
 *
 * @internal
 */
export function allowsRedirect(provider: Provider, uri: string): boolean {
  return provider.redirect_uris.some(entry => {
    if (entry.redirect_uri_type === 'logout') return false;
    if (entry.matching_mode === 'strict') return entry.url === uri;
    try {
      return new RegExp(`^(?:${entry.url})$`).test(uri);
    } catch {
      return false;
    }
  });
}
