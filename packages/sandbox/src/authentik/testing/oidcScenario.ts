import type { Json } from '../../json';
import { isJsonObject } from '../../json';
import type { Exchange } from '../../replay/exchange';
import type { Replay, Scenario } from './replay';
import { addApplication, providerMembers, queryOf, scopes } from './setup';

/** Which provider the client id of an exchange belongs to; it is shown nowhere else. */
const CLIENTS: Record<string, string> = {
  'authorize: good, no session': 'Hoop',
  'authorize: provider without application': 'No application',
  'authorize: regex redirect_uri, match, prompt=none': 'Regex',
  'authorize: no grant types': 'No grants',
  'authorize: grant_types without authorization_code, prompt=none':
    'Refresh only',
  'authorize: no signing key, prompt=none': 'Hs',
  'authorize: application bound to a group, prompt=none': 'Bound',
  'token: bogus refresh token, grant not allowed': 'Authonly',
};

const PROVIDERS: Record<string, string> = {
  'setup URLs addressed by another host name': 'Hoop',
  'global issuer: setup URLs': 'Globe',
  'global issuer: claims preview': 'Globe',
};

function clientId(exchange: Exchange): string {
  const body: Json | undefined = exchange.request.body;
  const given = isJsonObject(body) ? body.client_id : undefined;
  return queryOf(exchange).get('client_id') ?? String(given);
}

async function applications(replay: Replay): Promise<void> {
  await addApplication(replay, 'Hoop');
  await addApplication(replay, 'Hs', { provider: { signing_key: null } });
  await addApplication(replay, 'Globe', {
    provider: { issuer_mode: 'global' },
  });
  await addApplication(replay, 'Nomap', {
    provider: { property_mappings: [] },
  });
  await addApplication(replay, 'Full', {
    provider: {
      property_mappings: scopes(
        replay,
        'openid',
        'email',
        'profile',
        'entitlements',
        'offline_access',
      ),
    },
  });
  await addApplication(replay, 'Authonly', {
    provider: { grant_types: ['authorization_code'] },
  });
  await addApplication(replay, 'Empty', { provider: { redirect_uris: [] } });
  await addApplication(replay, 'Regex', {
    provider: {
      redirect_uris: [
        {
          matching_mode: 'regex',
          url: 'https://[a-z]+\\.hoop\\.company/api/callback',
        },
      ],
    },
  });
  await addApplication(replay, 'No grants', {
    app: { slug: 'nogrants' },
    provider: { grant_types: undefined },
  });
  await addApplication(replay, 'Refresh only', {
    app: { slug: 'refreshonly' },
    provider: { grant_types: ['refresh_token'] },
  });
  await addApplication(replay, 'Bound');
}

/** @internal */
export const OIDC: Scenario = {
  client: title => {
    if (/provider without application/.test(title)) return 'No application';
    return /no grant types/.test(title) ? 'No grants' : 'Hoop';
  },
  start: async (replay, exchanges) => {
    await applications(replay);
    await replay.api(
      'POST',
      'providers/oauth2/',
      providerMembers(replay, 'No application'),
    );
    await replay.api('POST', 'core/applications/', {
      name: 'Bare',
      slug: 'bare',
    });
    const saml = await replay.child.fixture<number>({
      op: 'otherProvider',
      kind: 'saml',
      name: 'SAML thing',
    });
    await replay.api('POST', 'core/applications/', {
      name: 'SAML app',
      slug: 'saml-app',
      provider: saml,
    });
    for (const [name, type] of [
      ['Ec', 'ec'],
      ['Ed', 'ed25519'],
    ] as const) {
      const key = await replay.child.fixture<string>({
        op: 'keyPair',
        name: `key of ${name}`,
        type,
      });
      await addApplication(replay, name, { provider: { signing_key: key } });
    }
    for (const exchange of exchanges) {
      const client = CLIENTS[exchange.title];
      if (client) {
        replay.translation.name('client', clientId(exchange), client);
      }
      const provider = PROVIDERS[exchange.title];
      const pk = /oauth2\/(\d+)\//.exec(exchange.request.path)?.[1];
      if (provider && pk) replay.translation.name('provider', pk, provider);
    }
  },
};
