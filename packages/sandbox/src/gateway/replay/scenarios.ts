import type { Scenario, Step } from './gatewayReplay';

const local = { AUTH_METHOD: 'local' };

const again =
  (changes: Record<string, string> = {}): Step =>
  replay => {
    replay.stage.restore();
    return replay.boot(replay.oidc(changes));
  };

/** Nothing else is wrong with the provider from here on. */
const broken =
  (fault: string): Step =>
  ({ stage }) => {
    stage.heal();
    stage.break(fault);
  };

const JANE = { sub: 's-jane', email: 'jane@company.example', name: 'Jane' };

/** The subject of the person who signs in where no claims were recorded. */
const JANE_OF_AUTHENTIK =
  'e82b6af0ea6073a41281d9b47518423d724aff17d72394d6d9f3305ed33f283d';

/** @internal */
export const SCENARIOS: Record<string, Scenario> = {
  people: {
    start: replay => replay.boot(replay.oidc()),
    before: {
      'ADMIN_USERNAME=platform-admins': again({
        ADMIN_USERNAME: 'platform-admins',
      }),
      'ADMIN_USERNAME removed again': replay => replay.boot(replay.oidc()),
      'switched from local to oidc': async replay => {
        replay.stage.restore();
        await replay.boot(local);
        await replay.account(
          'Root@Company.example',
          '<local_token:282>',
          'Root',
        );
        replay.addKey('<hpk_key:47>', ['admin']);
        await replay.addUser('lower', ['admin']);
        await replay.addUser('std', ['finance']);
        await replay.addUser('gone', [], 'inactive');
        await replay.boot(replay.oidc());
      },
      'back to local': replay => replay.boot(local),
    },
  },
  login: {
    start: replay => replay.boot(replay.oidc()),
    claims: title =>
      title.startsWith('claims are not in the id_token')
        ? { sub: JANE_OF_AUTHENTIK }
        : { sub: JANE_OF_AUTHENTIK, email: 'jane@example.test' },
    before: {
      'the client secret was changed in authentik: callback': ({ stage }) => {
        stage.provider.clientSecret = 'changed-in-authentik';
      },
      'the redirect URI was changed in authentik': ({ stage }) => {
        stage.provider.clientSecret = 'client-secret';
      },
      'no signing key at authentik while the gateway runs': ({ stage }) => {
        stage.break('no key is published');
        stage.provider.symmetricSecret = 'client-secret';
        stage.provider.discovery = {
          id_token_signing_alg_values_supported: ['HS256'],
        };
      },
      'issuer_mode global at authentik': ({ stage }) => {
        stage.heal();
        stage.provider.discovery = { issuer: `${stage.provider.url}/` };
      },
      'the slug was changed': broken('there is no such application'),
      'the slug is back': ({ stage }) => stage.heal(),
      'IDP_CUSTOM_SCOPES=offline_access': replay =>
        replay.boot(replay.oidc({ IDP_CUSTOM_SCOPES: 'offline_access' })),
      '_userinfo=1': replay =>
        replay.boot(
          replay.oidc({
            IDP_ISSUER: `${replay.stage.provider.issuer}?_userinfo=1`,
          }),
        ),
    },
  },
  faults: {
    start: async replay => {
      await replay.boot(replay.oidc());
      replay.addKey('<hpk_key:47>', ['admin']);
      replay.addPerson(JANE, ['engineering', 'admin']);
      const { provider } = replay.stage;
      replay.secrets.set('<access_token:703>', await provider.sign(JANE));
    },
    claims: () => ({ ...JANE, groups: ['engineering'] }),
    before: {
      'provider answers 503': broken('discovery answers 503'),
      'provider closes connections': broken('discovery closes the connection'),
      'provider answers HTML': broken('discovery answers 200 with HTML'),
      'provider has no keys to download': broken('the JWKS answers 500'),
      'provider away and the verifier out of date': ({ stage }) => {
        stage.break('discovery closes the connection');
        // What is stored is not what was loaded, as if half an hour had passed.
        stage.store('database: stored oidc');
      },
      'provider is back': ({ stage }) => {
        stage.heal();
        stage.gateway.database.authConfig = undefined;
      },
      'the token endpoint answers 500': broken(
        'the token endpoint answers 500',
      ),
      'the token endpoint answers HTML': broken(
        'the token endpoint answers HTML with 200',
      ),
      'the token endpoint closes connections': broken(
        'the token endpoint closes connections',
      ),
      'the client secret was rotated': ({ stage }) => {
        stage.heal();
        stage.provider.clientSecret = 'rotated-at-the-provider';
      },
      'state known, no code': ({ stage }) => {
        stage.provider.clientSecret = 'client-secret';
      },
      'booted with a wrong client secret': replay =>
        replay.boot(replay.oidc({ IDP_CLIENT_SECRET: 'wrong-secret' })),
      'provider without a signing key': replay => {
        const { stage } = replay;
        stage.break('no key is published');
        stage.provider.symmetricSecret = 'client-secret';
        stage.provider.discovery = {
          id_token_signing_alg_values_supported: ['HS256'],
        };
        return replay.boot(replay.oidc());
      },
      'URL_TOKEN_EXCHANGE=force': replay => {
        replay.stage.heal();
        return replay.boot(replay.oidc({ URL_TOKEN_EXCHANGE: 'force' }));
      },
      'offline_access: login': replay =>
        replay.boot(replay.oidc({ IDP_CUSTOM_SCOPES: 'offline_access' })),
      'no offline_access': async replay => {
        const { provider } = replay.stage;
        replay.secrets.set(
          '<access_token:682>',
          await provider.sign(JANE, '-1h'),
        );
        await replay.boot(replay.oidc());
      },
      '_userinfo=1: userinfo': async replay => {
        const { provider } = replay.stage;
        const person = { sub: 's-new', email: 'new@company.example' };
        const token = await provider.sign(person);
        replay.addPerson({ ...person, name: 'New' }, []);
        provider.subjects.set(token, person.sub);
        replay.secrets.set('<access_token:682#2>', token);
        await replay.boot(
          replay.oidc({ IDP_ISSUER: `${provider.issuer}?_userinfo=1` }),
        );
      },
      '_userinfo=1, the userinfo endpoint answers 500': broken(
        'userinfo answers 500',
      ),
    },
  },
  errors: {
    start: async replay => {
      await replay.boot(local);
      await replay.account('jane@company.example', '<local_token:292>');
      replay.addKey('<hpk_key:47#2>', ['auditor']);
      replay.addKey('<hpk_key:47>', ['admin']);
    },
  },
  'local-accounts': { start: replay => replay.boot(local) },
  'public-info': {
    start: replay => replay.boot(local),
    before: {
      'oidc: ': again(),
      'idp: ': again({ AUTH_METHOD: 'idp' }),
      'oidc by the IDP_* alone: ': again({ AUTH_METHOD: '' }),
      'oidc, several organizations: ': again({ ORG_MULTI_TENANT: 'true' }),
      'oidc with a path in API_URL: ': again({
        API_URL: 'https://hoop.company/gw',
      }),
    },
  },
  'stored-configuration': {
    start: replay => replay.boot(local),
    before: {
      'local with the IDP_* set': replay => replay.boot(replay.oidc(local)),
      'local with an IDP_ISSUER that does not parse': replay =>
        replay.boot(
          replay.oidc({
            ...local,
            IDP_ISSUER: `${replay.stage.provider.issuer}\n`,
          }),
        ),
      'idp with scopes, audience and ADMIN_USERNAME': replay =>
        replay.boot(
          replay.oidc({
            AUTH_METHOD: 'idp',
            IDP_CUSTOM_SCOPES: 'offline_access, openid ,groups,',
            IDP_AUDIENCE: 'aud-1',
            ADMIN_USERNAME: 'platform-admins',
            WEBAPP_USERS_MANAGEMENT: 'off',
          }),
        ),
      'IDP_URI, nothing stored': replay =>
        replay.boot({
          IDP_URI: `${replay.stage.provider.issuer.replace(
            '//',
            '//hoop:client-secret@',
          )}?groupsclaim=groups&scopes=offline_access`,
        }),
      'oidc, nothing stored': async replay => {
        await replay.boot(replay.oidc());
        replay.addKey('<hpk_key:47>', ['admin']);
        replay.addPerson(JANE, ['engineering', 'admin']);
        const { provider } = replay.stage;
        replay.secrets.set('<access_token:703>', await provider.sign(JANE));
      },
      'stored oidc, environment local': replay => replay.boot(local),
      'stored oidc, environment with a dead issuer': replay =>
        replay.boot(replay.oidc({ IDP_ISSUER: 'http://127.0.0.1:9/x/' })),
      'stored local, environment oidc': replay => replay.boot(replay.oidc()),
      'auth_method and oidc_config set to NULL by SQL': replay => {
        const { database } = replay.stage.gateway;
        if (database.authConfig) {
          Object.assign(database.authConfig, {
            auth_method: null,
            oidc_config: null,
          });
        }
        return replay.boot(replay.oidc());
      },
      'row deleted by SQL': replay => {
        replay.stage.gateway.database.authConfig = undefined;
        return replay.boot(replay.oidc());
      },
    },
  },
};
