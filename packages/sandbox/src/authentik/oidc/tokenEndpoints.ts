import type { Provider } from '../store/model';
import type { Store } from '../store/store';
import type { Answer, RawRequest } from '../support/http';
import { errorView, formOf, htmlAnswer, jsonAnswer } from '../support/http';
import { configurationError } from '../store/audit';
import { mappedClaims, subjectOf } from './claims';
import { clientCredentials, providerByClientId } from './clientAuth';
import type { OidcEngine } from './engine';
import { bearerError, tokenError } from './errors';
import { allowsRedirect } from './redirectUri';

/** Grants authentik has and nobody here uses. */
const OTHER_GRANTS = [
  'client_credentials',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
];

/** Only ASCII can be compared by newer servers; anything else makes them fail. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/**
 * The endpoints a client calls without a browser.
 *
 * @internal
 */
export class TokenEndpoints {
  constructor(
    private readonly store: Store,
    private readonly engine: OidcEngine,
  ) {}

  async handle(request: RawRequest): Promise<Answer | undefined> {
    switch (request.path) {
      case '/application/o/token/':
        return postOnly(request) ?? this.#token(request);
      case '/application/o/revoke/':
        return postOnly(request) ?? this.#revoke(request);
      case '/application/o/introspect/':
        return postOnly(request) ?? this.#introspect(request);
      case '/application/o/userinfo/':
        return this.#userinfo(request);
      default:
        return undefined;
    }
  }

  async #token(request: RawRequest): Promise<Answer> {
    const { store } = this;
    const form = formOf(request);
    const { id, secret } = clientCredentials(store, request, form);
    const provider = providerByClientId(store, id);
    if (!provider) return tokenError('invalid_client');
    const grant = form.get('grant_type') ?? '';
    if (store.modern && !provider.grant_types.includes(grant)) {
      return tokenError('invalid_grant');
    }
    if (provider.client_type === 'confidential') {
      if (store.modern && !isAscii(secret)) {
        return errorView(request.method, 500);
      }
      if (secret !== provider.client_secret) {
        return tokenError('invalid_client');
      }
    }
    if (OTHER_GRANTS.includes(grant)) {
      return jsonAnswer(501, {
        detail: `Not simulated by the sandbox: the grant ${grant}`,
      });
    }
    if (!['authorization_code', 'refresh_token'].includes(grant)) {
      return tokenError('unsupported_grant_type');
    }
    const problem =
      grant === 'refresh_token'
        ? await this.#refreshProblem(request, provider, form)
        : this.#codeProblem(request, provider, form);
    if (problem) return tokenError(problem);
    const result = await this.engine.redeem(provider, request.baseUrl, form);
    return result.ok
      ? jsonAnswer(200, result.body)
      : tokenError(
          result.error === 'invalid_client' ? result.error : 'invalid_grant',
        );
  }

  #codeProblem(
    request: RawRequest,
    provider: Provider,
    form: URLSearchParams,
  ): string | undefined {
    const uri = form.get('redirect_uri') ?? '';
    if (!form.get('code')) return 'invalid_grant';
    if (allowsRedirect(provider, uri)) return undefined;
    configurationError(this.store, request, {
      provider,
      redirectUri: uri,
    });
    return 'invalid_client';
  }

  async #refreshProblem(
    request: RawRequest,
    provider: Provider,
    form: URLSearchParams,
  ): Promise<string | undefined> {
    const token = form.get('refresh_token');
    if (!token) return 'invalid_grant';
    const granted = await this.engine.refreshScopes(
      provider,
      request.baseUrl,
      token,
    );
    if (!granted) return 'invalid_grant';
    const asked = form.get('scope')?.split(' ').filter(Boolean);
    const same =
      !asked ||
      (asked.length === granted.length &&
        asked.every(scope => granted.includes(scope)));
    return same ? undefined : 'invalid_scope';
  }

  async #revoke(request: RawRequest): Promise<Answer> {
    const form = formOf(request);
    const { id, secret } = clientCredentials(this.store, request, form);
    const provider = providerByClientId(this.store, id);
    if (
      !provider ||
      (provider.client_type === 'confidential' &&
        provider.client_secret !== secret)
    ) {
      return tokenError('invalid_client', 401);
    }
    await this.engine.revoke(
      provider,
      request.baseUrl,
      form.get('token') ?? '',
    );
    return jsonAnswer(200, {});
  }

  /** Wrong credentials and unknown tokens get the same answer. */
  async #introspect(request: RawRequest): Promise<Answer> {
    const form = formOf(request);
    const { id, secret } = clientCredentials(this.store, request, form);
    const provider = providerByClientId(this.store, id);
    const issued = this.engine.accessToken(form.get('token') ?? '');
    if (
      !provider ||
      provider.client_secret !== secret ||
      issued?.providerPk !== provider.pk
    ) {
      return jsonAnswer(200, { active: false });
    }
    const { azp: _azp, uid: _uid, scope: _scope, ...claims } = issued.claims;
    return jsonAnswer(200, {
      ...claims,
      active: true,
      scope: issued.signIn.scopes.join(' '),
      client_id: provider.client_id,
    });
  }

  #userinfo(request: RawRequest): Answer {
    const { store } = this;
    const header = request.headers.authorization ?? '';
    const token = /^bearer /i.test(header)
      ? header.slice(7)
      : formOf(request).get('access_token') ?? '';
    const issued = this.engine.accessToken(token);
    const provider = store.provider(issued?.providerPk);
    if (!issued || !provider) return bearerError(401, 'invalid_token');
    const { user, scopes, nonce } = issued.signIn;
    if (!scopes.includes('openid')) {
      return bearerError(403, 'insufficient_scope');
    }
    return jsonAnswer(200, {
      sub: subjectOf(provider, user),
      ...mappedClaims(store, user, scopes),
      ...(nonce && { nonce }),
    });
  }
}

function postOnly(request: RawRequest): Answer | undefined {
  return request.method === 'POST'
    ? undefined
    : htmlAnswer(405, '', { Allow: 'POST, OPTIONS' });
}
