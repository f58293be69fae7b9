import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, JWK, KeyLike, SignJWT } from 'jose';
import { readBody } from '../http/body';
import { closeServer, listen, withHooks } from '../http/server';

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

  private constructor(
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
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    const provider = new FakeIdentityProvider(privateKey, {
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
  }

  async sign(claims: Record<string, unknown>, expires = '1h'): Promise<string> {
    const jwt = new SignJWT(claims).setIssuedAt().setExpirationTime(expires);
    return this.symmetricSecret
      ? jwt
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(this.symmetricSecret))
      : jwt
          .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
          .sign(this.privateKey);
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
      send(await this.token(req));
    } else if (path === '/application/o/userinfo/') {
      send({ sub: this.claims.sub ?? 'sub-jane' });
    } else {
      res.writeHead(404, { 'content-type': 'text/html' });
      res.end('not here');
    }
  }

  private async token(req: IncomingMessage) {
    this.tokenRequests.push({
      authorization: req.headers.authorization ?? '',
      body: new URLSearchParams(await readBody(req)),
    });
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
}
