import { ServerResponse } from 'node:http';
import type { Json } from '../../json';
import { FakeIdentityProvider } from '../../testing/fakeIdentityProvider';
import { GatewayHarness } from '../../testing/gatewayHarness';
import { GatewayDatabase } from '../database';

const APPLICATIONS = '/application/o';

type Answer = (res: ServerResponse) => void;

function answer(status: number, type: string, body: string): Answer {
  return res => {
    res.writeHead(status, { 'content-type': type });
    res.end(body);
  };
}

const notFound = (detail: string) =>
  answer(404, 'application/json', JSON.stringify({ detail }));

/** A gateway and an OpenID server, in the place of those that were recorded. @internal */
export class Stage {
  private constructor(
    readonly gateway: GatewayHarness,
    readonly provider: FakeIdentityProvider,
  ) {}

  static async with(use: (stage: Stage) => Promise<void>): Promise<void> {
    const stage = new Stage(
      await GatewayHarness.start(),
      await FakeIdentityProvider.start(),
    );
    try {
      await use(stage);
    } finally {
      await stage.gateway.close();
      await stage.provider.close();
    }
  }

  /** An empty database, and a provider without a fault. */
  restore(): void {
    this.gateway.database = new GatewayDatabase();
    this.provider.restore();
    this.provider.signIns = new Map();
    this.provider.clientSecret = 'client-secret';
    this.application('other');
    this.application('hs256', {}, {});
    this.application('global', { issuer: `${this.provider.url}/` });
    this.application('otherhost', {
      issuer: 'https://authentik.company/application/o/otherhost/',
    });
    this.application('nojwks', { jwks_uri: 'http://127.0.0.1:9/jwks/' });
    this.set(
      `${APPLICATIONS}/no-such/.well-known/openid-configuration`,
      notFound('No Application matches the given query.'),
    );
    this.set(`${APPLICATIONS}/hoop/`, notFound('not found'));
    // The server that was recorded did not mind what stood behind the slash.
    for (const end of ['/', '/%20']) {
      this.set(
        `${APPLICATIONS}/hoop${end}/.well-known/openid-configuration`,
        answer(
          200,
          'application/json',
          JSON.stringify({ issuer: this.provider.issuer }),
        ),
      );
    }
  }

  /** What the database held, by the title of the boot. */
  store(title: string): void {
    const method = /^database: stored (oidc|local)/.exec(title)?.[1];
    if (method !== 'oidc' && method !== 'local') {
      return;
    }
    if (title.includes('oidc whose issuer answers 503')) {
      this.break('discovery answers 503');
    }
    this.gateway.database.authConfig = {
      auth_method: method,
      oidc_config:
        method === 'oidc'
          ? {
              issuer_url: this.provider.issuer,
              client_id: 'stored-client',
              client_secret: 'client-secret',
              scopes: null,
              audience: '',
              groups_claim: 'groups',
            }
          : null,
      saml_config: null,
      provider_name: '',
      api_key: null,
      rollout_api_key: null,
      webapp_users_management_status: 'active',
      admin_role_name: 'admin',
      auditor_role_name: 'auditor',
    };
  }

  /** One more application of the provider. */
  private application(
    slug: string,
    changes: Record<string, string> = {},
    keys: object = { keys: [] },
  ): void {
    const { url } = this.provider;
    const base = `${APPLICATIONS}/${slug}`;
    this.set(
      `${base}/.well-known/openid-configuration`,
      answer(
        200,
        'application/json',
        JSON.stringify({
          issuer: `${url}${base}/`,
          authorization_endpoint: `${url}${APPLICATIONS}/authorize/`,
          token_endpoint: `${url}${APPLICATIONS}/token/`,
          userinfo_endpoint: `${url}${APPLICATIONS}/userinfo/`,
          jwks_uri: `${url}${base}/jwks/`,
          id_token_signing_alg_values_supported: [
            slug === 'hs256' ? 'HS256' : 'RS256',
          ],
          ...changes,
        }),
      ),
    );
    this.set(
      `${base}/jwks/`,
      answer(200, 'application/json', JSON.stringify(keys)),
    );
  }

  private set(path: string, reply: Answer): void {
    this.provider.overrides.set(path, reply);
  }

  /** Ends the faults of discovery, keys, tokens and userinfo. */
  heal(): void {
    for (const path of [
      'hoop/.well-known/openid-configuration',
      'hoop/jwks/',
      'token/',
      'userinfo/',
    ]) {
      this.provider.overrides.delete(`${APPLICATIONS}/${path}`);
    }
    this.provider.discovery = {};
    this.provider.symmetricSecret = undefined;
  }

  /** The fault of the provider, in the words of the recording. */
  break(fault: string): void {
    const discovery = `${APPLICATIONS}/hoop/.well-known/openid-configuration`;
    const keys = `${APPLICATIONS}/hoop/jwks/`;
    const token = `${APPLICATIONS}/token/`;
    const html = (status: number, text: string) =>
      answer(status, 'text/html; charset=utf-8', `<html>${text}</html>`);
    const detail = (status: number) =>
      answer(
        status,
        'application/json',
        JSON.stringify({ detail: `fault ${status}` }),
      );
    const faults: Record<string, [string, Answer]> = {
      'discovery answers 500': [discovery, detail(500)],
      'discovery answers 503': [discovery, detail(503)],
      'discovery answers 503 with HTML': [discovery, html(503, 'starting')],
      'discovery answers 200 with HTML': [discovery, html(200, 'x')],
      'discovery closes the connection': [
        discovery,
        res => res.socket?.destroy(),
      ],
      'discovery never answers': [discovery, () => {}],
      'the JWKS answers 500': [keys, detail(500)],
      'the JWKS answers 404': [keys, detail(404)],
      'the JWKS answers 200 with HTML': [keys, html(200, 'x')],
      'there is no such application': [discovery, notFound('not found')],
      'no key is published': [keys, answer(200, 'application/json', '{}')],
      'the token endpoint answers 500': [token, detail(500)],
      'the token endpoint answers HTML with 200': [token, html(200, 'x')],
      'the token endpoint closes connections': [
        token,
        res => res.socket?.destroy(),
      ],
      'userinfo answers 500': [`${APPLICATIONS}/userinfo/`, detail(500)],
    };
    const known = faults[fault];
    if (known) {
      this.set(...known);
    }
  }

  /** A recorded text with the addresses that the two have here. */
  here(text: string): string {
    return text
      .split('http://127.0.0.1:9400')
      .join(this.provider.url)
      .split('http://127.0.0.1:8009')
      .join(this.gateway.url)
      .replace(/127\.0\.0\.1:9400/g, new URL(this.provider.url).host)
      .replace(
        /LOCALHOST:9400/g,
        `LOCALHOST:${new URL(this.provider.url).port}`,
      );
  }

  /** An answer with the addresses that were recorded. */
  recorded<T extends Json | undefined>(value: T): T {
    const provider = new URL(this.provider.url);
    const gateway = new URL(this.gateway.url);
    return JSON.parse(
      (JSON.stringify(value) ?? 'null')
        .replace(new RegExp(`:${provider.port}\\b`, 'g'), ':9400')
        .replace(new RegExp(`:${gateway.port}\\b`, 'g'), ':8009')
        .replace(new RegExp(`%3A${provider.port}\\b`, 'g'), '%3A9400')
        .replace(new RegExp(`%3A${gateway.port}\\b`, 'g'), '%3A8009'),
    ) as T;
  }
}
