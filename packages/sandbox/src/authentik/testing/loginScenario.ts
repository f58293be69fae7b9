import { isJsonObject } from '../../json';
import type { JsonObject } from '../../json';
import { randomString } from '../support/random';
import type { Exchange } from '../../replay/exchange';
import type { Replay, Scenario, Step } from './replay';
import {
  addApplication,
  addBinding,
  flow,
  keyPair,
  patchApplication,
  patchProvider,
  queryOf,
  scopes,
} from './setup';

const OFFLINE = 'openid profile email offline_access';

function member(exchange: Exchange, name: string): string {
  const { body } = exchange.request;
  return String(isJsonObject(body) ? body[name] : '');
}

const mapped = (replay: Replay, ...more: string[]): JsonObject => ({
  property_mappings: scopes(replay, 'openid', 'email', 'profile', ...more),
});

/** Changes the provider, signs in, and hands the code to the exchange that redeems it. */
function signedIn(
  options: { username?: string; scope?: string; nonce?: string } = {},
  change?: (replay: Replay) => JsonObject,
): Step {
  return async (replay, exchange) => {
    if (change) await patchProvider(replay, 'Hoop', change(replay));
    const code = await replay.signIn({
      username: 'jane',
      client: 'Hoop',
      ...options,
    });
    replay.credentials.set(member(exchange, 'code'), code);
  };
}

/** Signs in and redeems the code; the exchange is about the refresh token. */
async function withRefreshToken(
  replay: Replay,
  placeholder: string,
): Promise<void> {
  const code = await replay.signIn({
    username: 'jane',
    client: 'Hoop',
    scope: OFFLINE,
  });
  const provider = replay.snapshot.providers.find(one => one.name === 'Hoop');
  const reply = await replay.raw({
    method: 'POST',
    path: '/application/o/token/',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://hoop.company/api/callback',
      client_id: provider?.clientId ?? '',
      client_secret: provider?.clientSecret ?? '',
    }).toString(),
  });
  const { refresh_token: token } = JSON.parse(reply.body) as JsonObject;
  replay.credentials.set(placeholder, String(token));
}

const pause = (ms: number) =>
  new Promise<void>(resolve => {
    setTimeout(resolve, ms);
  });

/** @internal */
export const LOGIN: Scenario = {
  start: async (replay, exchanges) => {
    await addApplication(replay, 'Hoop');
    await addBinding(replay, 'hoop', { group: 'engineering', order: 0 });
    await addBinding(replay, 'hoop', { group: 'authentik Admins', order: 1 });
    const id = queryOf(exchanges[0]).get('client_id') ?? '';
    replay.translation.name('client', id, 'Hoop');
  },
  before: {
    'scope openid only: token': signedIn({ scope: 'openid' }),
    'unknown scopes requested: token': signedIn({
      scope: 'openid profile email bogus',
    }),
    'scope without openid: token': signedIn({ scope: 'profile email' }),
    'offline_access requested but not mapped: token': signedIn({
      scope: OFFLINE,
    }),
    'offline_access mapped but not requested: token': signedIn({}, replay =>
      mapped(replay, 'offline_access'),
    ),
    'offline_access mapped and requested: token': signedIn({
      scope: OFFLINE,
      nonce: 'n5',
    }),
    'new login with offline_access: token': signedIn({ scope: OFFLINE }),
    'refresh after refresh_token was taken out of grant_types': async (
      replay,
      exchange,
    ) => {
      await withRefreshToken(replay, member(exchange, 'refresh_token'));
      await patchProvider(replay, 'Hoop', {
        grant_types: ['authorization_code'],
      });
    },
    'revoke a refresh token': async (replay, exchange) => {
      await patchProvider(replay, 'Hoop', {
        grant_types: ['authorization_code', 'refresh_token'],
      });
      await withRefreshToken(replay, member(exchange, 'token'));
    },
    'profile mapping missing: authorize': replay =>
      patchProvider(replay, 'Hoop', {
        property_mappings: scopes(replay, 'openid', 'email'),
      }),
    'no mappings at all: token': signedIn({}, () => ({
      property_mappings: [],
    })),
    'no signing key: token': signedIn({}, replay => ({
      ...mapped(replay),
      signing_key: null,
    })),
    'include_claims_in_id_token false: token': signedIn({}, replay => ({
      signing_key: keyPair(replay),
      include_claims_in_id_token: false,
    })),
    'global issuer, sub_mode user_email: token': signedIn({}, () => ({
      include_claims_in_id_token: true,
      issuer_mode: 'global',
      sub_mode: 'user_email',
    })),
    'sub_mode user_email, user without e-mail: token': async (
      replay,
      exchange,
    ) => {
      await addBinding(replay, 'hoop', { user: 'bob', order: 2 });
      await signedIn({ username: 'bob' }, () => ({
        issuer_mode: 'per_provider',
      }))(replay, exchange);
    },
    'sub_mode user_username: token': signedIn({}, () => ({
      sub_mode: 'user_username',
    })),
    'access_token_validity seconds=1: token': signedIn({}, () => ({
      sub_mode: 'hashed_user_id',
      access_token_validity: 'seconds=1',
    })),
    'userinfo with the expired access token': () => pause(1_200),
    'explicit consent: authorize': replay =>
      patchProvider(replay, 'Hoop', {
        access_token_validity: 'hours=1',
        authorization_flow: flow(
          replay,
          'default-provider-authorization-explicit-consent',
        ),
      }),
    'secret rotated after the code was issued: old secret': async (
      replay,
      exchange,
    ) => {
      await signedIn({}, () => ({
        authorization_flow: flow(
          replay,
          'default-provider-authorization-implicit-consent',
        ),
      }))(replay, exchange);
      await patchProvider(replay, 'Hoop', {
        client_secret: randomString(128),
      });
    },
    'after a slug rename: token': async (replay, exchange) => {
      await signedIn()(replay, exchange);
      await patchApplication(replay, 'hoop', { slug: 'hoop-renamed' });
    },
  },
};
