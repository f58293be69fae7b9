import type { GatewayReplay } from './gatewayReplay';

type Step = (replay: GatewayReplay) => Promise<unknown> | unknown;

/** What was done without being recorded: restarts with another environment, and SQL. */
interface Scenario {
  start?: Step;
  /** Before the first exchange whose title begins so. */
  before?: Record<string, Step>;
}

const local = { AUTH_METHOD: 'local' };

const again =
  (changes: Record<string, string> = {}): Step =>
  replay => {
    replay.stage.restore();
    return replay.boot(replay.oidc(changes));
  };

/** @internal */
export const SCENARIOS: Record<string, Scenario> = {
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
        const { provider, gateway } = replay.stage;
        const claims = { sub: 's-jane', email: 'jane@company.example' };
        gateway.database.addUser({
          ...{ subject: 's-jane', email: claims.email, name: 'Jane' },
          status: 'active',
          verified: true,
          groups: ['engineering', 'admin'],
        });
        replay.secrets.set('<access_token:703>', await provider.sign(claims));
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
