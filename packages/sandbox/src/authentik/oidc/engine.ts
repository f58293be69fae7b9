import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { CompactSign, decodeJwt, decodeProtectedHeader } from 'jose';
import type { Provider as OidcProvider } from 'oidc-provider';
import type { Provider, User } from '../store/model';
import type { Store } from '../store/store';
import { parseJsonObject } from '../support/http';
import type { JsonObject } from '../../json';
import {
  ACR,
  issuerOf,
  signingAlgorithm,
  signingKeyOf,
  subjectOf,
} from './claims';
import type { SignIn } from './configuration';
import {
  configurationOf,
  innerSecret,
  RESOURCE,
  secretKey,
} from './configuration';
import { postForm } from './inMemoryHttp';
import type { Records } from './memoryAdapter';

/** @internal */
export interface IssuedToken {
  providerPk: number;
  signIn: SignIn;
  claims: JsonObject;
  expires: number;
}

/** @internal */
export type TokenResult =
  | { ok: true; body: JsonObject }
  | { ok: false; error: string };

interface Instance {
  fingerprint: string;
  provider: OidcProvider;
  listener: RequestListener;
}

/** oidc-provider refuses plain challenges; hashed they ask for the same verifier. */
function hashedChallenge(signIn: SignIn) {
  const { codeChallenge: challenge, codeChallengeMethod: method } = signIn;
  if (!challenge) return {};
  const hash = createHash('sha256').update(challenge).digest('base64url');
  return {
    codeChallenge: method === 'S256' ? challenge : hash,
    codeChallengeMethod: 'S256',
  };
}

/**
 * One oidc-provider per application, made when first needed and made anew when the application
 * changes. It issues and redeems codes and refresh tokens and signs; authentik's own rules and
 * shapes are wrapped around it.
 *
 * @internal
 */
export class OidcEngine {
  readonly #instances = new Map<number, Instance>();
  readonly #records = new Map<number, Records>();
  readonly #signIns = new Map<string, SignIn>();
  readonly #accessTokens = new Map<string, IssuedToken>();

  constructor(private readonly store: Store) {}

  reset(): void {
    this.#instances.clear();
    this.#records.clear();
    this.#signIns.clear();
    this.#accessTokens.clear();
  }

  async issueCode(
    provider: Provider,
    baseUrl: string,
    signIn: SignIn,
  ): Promise<string> {
    const { provider: oidc } = await this.#instance(provider, baseUrl);
    const client = await oidc.Client.find(provider.client_id);
    if (!client) throw new Error('the client of the application is missing');
    const accountId = this.#accountId(provider, signIn.user);
    const grant = new oidc.Grant({ accountId, clientId: provider.client_id });
    grant.addOIDCScope('openid offline_access');
    grant.addResourceScope(RESOURCE, 'openid');
    const grantId = await grant.save();
    this.#signIns.set(grantId, signIn);
    const code = new oidc.AuthorizationCode({
      accountId,
      acr: ACR,
      amr: ['pwd'],
      authTime: signIn.authTime,
      client,
      grantId,
      gty: 'authorization_code',
      nonce: signIn.nonce,
      redirectUri: signIn.redirectUri,
      resource: RESOURCE,
      scope: 'openid offline_access',
      sid: signIn.sid,
      ...hashedChallenge(signIn),
    });
    return this.store.remember(await code.save());
  }

  /** Redeems a code or a refresh token. The client has been authenticated already. */
  async redeem(
    provider: Provider,
    baseUrl: string,
    form: URLSearchParams,
  ): Promise<TokenResult> {
    const instance = await this.#instance(provider, baseUrl);
    const inner = new URLSearchParams({
      client_id: provider.client_id,
      client_secret: innerSecret(provider),
    });
    for (const name of [
      'grant_type',
      'code',
      'redirect_uri',
      'code_verifier',
      'refresh_token',
    ]) {
      const value = form.get(name);
      if (value !== null) inner.set(name, value);
    }
    const answer = await postForm(instance.listener, '/token', inner);
    const body = parseJsonObject(answer.body) ?? {};
    if (answer.status !== 200) {
      return { ok: false, error: String(body.error ?? 'server_error') };
    }
    const accessToken = String(body.access_token);
    const signIn = this.#signInOf(accessToken);
    const claims = decodeJwt(accessToken) as JsonObject;
    this.#accessTokens.set(accessToken, {
      providerPk: provider.pk,
      signIn,
      claims,
      expires: Number(claims.exp),
    });
    const idToken = await this.#finishIdToken(
      provider,
      String(body.id_token),
      claims,
    );
    const refreshToken = body.refresh_token;
    for (const secret of [accessToken, idToken, refreshToken]) {
      if (secret !== undefined) this.store.remember(String(secret));
    }
    return {
      ok: true,
      body: {
        access_token: accessToken,
        token_type: 'Bearer',
        scope: signIn.scopes.join(' '),
        expires_in: body.expires_in,
        id_token: idToken,
        ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      },
    };
  }

  accessToken(token: string): IssuedToken | undefined {
    const issued = this.#accessTokens.get(token);
    return issued && issued.expires > Date.now() / 1000 ? issued : undefined;
  }

  /** The scopes a refresh token stands for, if it is good. */
  async refreshScopes(
    provider: Provider,
    baseUrl: string,
    token: string,
  ): Promise<string[] | undefined> {
    const { provider: oidc } = await this.#instance(provider, baseUrl);
    const found = await oidc.RefreshToken.find(token);
    return found && this.#signIns.get(found.grantId ?? '')?.scopes;
  }

  async revoke(
    provider: Provider,
    baseUrl: string,
    token: string,
  ): Promise<void> {
    if (this.#accessTokens.get(token)?.providerPk === provider.pk) {
      this.#accessTokens.delete(token);
      return;
    }
    if (!this.#records.has(provider.pk)) return;
    const { provider: oidc } = await this.#instance(provider, baseUrl);
    await (await oidc.RefreshToken.find(token))?.destroy();
  }

  /** Where an access token came from, remembered while it was made. */
  readonly #pending = new Map<string, SignIn>();

  #signInOf(accessToken: string): SignIn {
    const uid = String(decodeJwt(accessToken).uid);
    const signIn = this.#pending.get(uid);
    this.#pending.delete(uid);
    if (!signIn) throw new Error('an access token without a sign-in');
    return signIn;
  }

  /** oidc-provider wants a name for everybody, authentik may have an empty subject. */
  #accountId(provider: Provider, user: User): string {
    return subjectOf(provider, user) || `user-${user.pk}`;
  }

  /** Adds what authentik's tokens have and oidc-provider's do not: the type, an empty subject. */
  async #finishIdToken(
    provider: Provider,
    token: string,
    claims: JsonObject,
  ): Promise<string> {
    const key = signingKeyOf(this.store, provider);
    const header = decodeProtectedHeader(token);
    const { nonce: _nonce, ...signed } = decodeJwt(token);
    const payload = {
      ...signed,
      sub: claims.sub,
      ...(claims.nonce !== undefined && { nonce: claims.nonce }),
    };
    return new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({
        ...header,
        alg: signingAlgorithm(key),
        typ: 'JWT',
      })
      .sign(key?.privateKey ?? secretKey(provider));
  }

  async #instance(provider: Provider, baseUrl: string): Promise<Instance> {
    const issuer = issuerOf(this.store, provider, baseUrl) ?? baseUrl;
    const fingerprint = JSON.stringify([issuer, provider]);
    const known = this.#instances.get(provider.pk);
    if (known?.fingerprint === fingerprint) return known;
    const { Provider: Oidc } = await import('oidc-provider');
    const records: Records = this.#records.get(provider.pk) ?? new Map();
    this.#records.set(provider.pk, records);
    const configuration = configurationOf({
      store: this.store,
      provider,
      baseUrl,
      records,
      signIns: this.#signIns,
      issued: this.#pending,
    });
    const oidc = new Oidc(issuer, configuration);
    const instance = {
      fingerprint,
      provider: oidc,
      listener: oidc.callback(),
    };
    this.#instances.set(provider.pk, instance);
    return instance;
  }
}
