import { StoreChange } from './kubernetes/store';
import { recordAt } from './kubernetes/values';

/** Keys whose values are settings rather than secrets, wherever they are stored. */
const settings = new Set([
  'AUTH_METHOD',
  'IDP_ISSUER',
  'IDP_CLIENT_ID',
  'IDP_GROUPS_CLAIM',
  'IDP_CUSTOM_SCOPES',
  'IDP_AUDIENCE',
  'API_URL',
  'ADMIN_USERNAME',
  'AUDITOR_USERNAME',
  'URL_TOKEN_EXCHANGE',
]);

/** Anything shorter occurs in ordinary text and would only raise false alarms. */
const shortestSecret = 8;

/** Remembers every secret value any Secret object ever held, in clear. @internal */
export class SecretCollector {
  private readonly known = new Set<string>();

  notice({ object }: StoreChange): void {
    if (object.kind !== 'Secret') {
      return;
    }
    for (const [key, value] of Object.entries(recordAt(object, 'data'))) {
      const text = Buffer.from(String(value), 'base64').toString('utf8').trim();
      if (!settings.has(key) && text.length >= shortestSecret) {
        this.known.add(text);
      }
    }
  }

  secrets(): string[] {
    return [...this.known];
  }
}
