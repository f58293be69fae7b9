import { randomUUID } from 'node:crypto';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, JWK, KeyLike, SignJWT } from 'jose';
import { readBody } from '../http/body';
import { closeServer, listen, withHooks } from '../http/server';
import { KeyPool } from '../keys/keyPool';

/** A sign-in that happened: what the token endpoint gives for its code. @internal */
export interface GrantedSignIn {
  /** Of the id_token, beside issuer and audience. */
  claims: Record<string, unknown>;
  kind?: 'opaque access token' | 'no id_token' | 'other key';
}

/** An identity provider whose every answer a test can bend. @internal */
export class FakeIdentityProvider {
  url = '';
  /** Claims of the next id_token, over the ordinary ones. */
  claims: Record<string, unknown> = {};
  /** Answers instead of the ordinary handling, per path. */
  readonly overrides = new Map<string, (res: ServerResponse) => void>();
  readonly tokenRequests: { authorization: string; body: URLSearchParams }[] =
    [];
  /** Changes of the discovery document. */
  discovery: Record<string, unknown> = {};
  /** Signs id_tokens with the client secret, as a provider without a key does. */
  symmetricSecret: string | undefined;
  opaqueAccessToken = false;
  accessTokenLifetime = '1h';
  hits: string[] = [];
  /** By their codes, each good for once; without them any code gives {@link FakeIdentityProvider.claims}. */
  signIns: Map<string, GrantedSignIn> | undefined;
  /** The only one that the token endpoint accepts, if any. */
  clientSecret: string | undefined;
  /** Subjects of the access tokens it gave or was told of. */
  readonly subjects = new Map<string, unknown>();

  private constructor(
    private readonly keys: KeyPool,
    private readonly privateKey: KeyLike,
    private readonly publicJwk: JWK,
  ) {}

  private readonly server = createServer(
    withHooks(
      {},
      (req, res) => this.handle(req, res),
      (_error, res) => res.writeHead(500).end(),
    ),
  );

  static async start(): Promise<FakeIdentityProvider> {
    const keys = new KeyPool();
    const { privateKey, publicKey } = keys.take('rsa');
    const jwk = await exportJWK(publicKey);
    const provider = new FakeIdentityProvider(keys, privateKey, {
      ...jwk,
      kid: 'k1',
      alg: 'RS256',
      use: 'sig',
    });
    provider.url = `http://127.0.0.1:${await listen(provider.server, 0)}`;
    return provider;
  }

  get issuer(): string {
    return `${this.url}/application/o/hoop/`;
  }

  restore(): void {
    this.claims = {};
    this.overrides.clear();
    this.tokenRequests.length = 0;
    this.discovery = {};
    this.symmetricSecret = undefined;
    this.opaqueAccessToken = false;
    this.accessTokenLifetime = '1h';
    this.hits = [];
    this.signIns = undefined;
    this.clientSecret = undefined;
    this.subjects.clear();
  }

  async sign(
    claims: Record<string, unknown>,
    expires = '1h',
    privateKey = this.privateKey,
  ): Promise<string> {
    const jwt = new SignJWT(claims).setIssuedAt().setExpirationTime(expires);
    return this.symmetricSecret
      ? jwt
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(this.symmetricSecret))
      : jwt.setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(privateKey);
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async handle(
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const path = new URL(req.url ?? '/', this.url).pathname;
    this.hits.push(path);
    const override = this.overrides.get(path);
    if (override) {
      override(res);
      return;
    }
    const send = (body: unknown) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body));
    };
    if (path === '/application/o/hoop/.well-known/openid-configuration') {
      send({
        issuer: this.issuer,
        authorization_endpoint: `${this.url}/application/o/authorize/`,
        token_endpoint: `${this.url}/application/o/token/`,
        userinfo_endpoint: `${this.url}/application/o/userinfo/`,
        jwks_uri: `${this.url}/application/o/hoop/jwks/`,
        id_token_signing_alg_values_supported: ['RS256'],
        ...this.discovery,
      });
    } else if (path === '/application/o/hoop/jwks/') {
      send({ keys: [this.publicJwk] });
    } else if (path === '/application/o/token/') {
      const tokens = await this.token(req);
      if ('error' in tokens) {
        res.writeHead(400, { 'content-type': 'application/json' });
        res.end(JSON.stringify(tokens));
      } else {
        send(tokens);
      }
    } else if (path === '/application/o/userinfo/') {
      const token = req.headers.authorization?.replace('Bearer ', '') ?? '';
      send({
        sub: this.subjects.get(token) ?? this.claims.sub ?? 'sub-jane',
      });
    } else {
      res.writeHead(404, { 'content-type': 'text/html' });
      res.end('not here');
    }
  }

  private async token(req: IncomingMessage) {
    const { authorization = '' } = req.headers;
    const body = new URLSearchParams(await readBody(req));
    this.tokenRequests.push({ authorization, body });
    const [, secret] = Buffer.from(authorization.slice(6), 'base64')
      .toString()
      .split(':');
    if (this.clientSecret !== undefined && secret !== this.clientSecret) {
      return { error: 'invalid_client' };
    }
    if (this.signIns) {
      const code = body.get('code') ?? '';
      const granted = this.signIns.get(code);
      this.signIns.delete(code);
      return granted ? this.grant(granted) : { error: 'invalid_grant' };
    }
    const claims = {
      iss: this.issuer,
      sub: 'sub-jane',
      aud: 'client',
      email: 'Jane@Company.Example',
      name: 'Jane Doe',
      groups: ['engineering'],
      ...this.claims,
    };
    return {
      token_type: 'Bearer',
      access_token: this.opaqueAccessToken
        ? 'opaque-access-token'
        : await this.sign(claims, this.accessTokenLifetime),
      id_token: await this.sign(claims),
    };
  }

  private async grant({ claims, kind }: GrantedSignIn) {
    const all = { iss: this.issuer, aud: 'hoop', ...claims };
    const accessToken =
      kind === 'opaque access token'
        ? 'an-opaque-access-token-of-someone'
        : // Two of the same second would be the same.
          await this.sign(
            { ...all, jti: randomUUID() },
            this.accessTokenLifetime,
          );
    this.subjects.set(accessToken, claims.sub);
    const privateKey =
      kind === 'other key' ? this.keys.take('rsa').privateKey : this.privateKey;
    return {
      token_type: 'Bearer',
      access_token: accessToken,
      ...(kind === 'no id_token'
        ? {}
        : { id_token: await this.sign(all, '1h', privateKey) }),
    };
  }
}
