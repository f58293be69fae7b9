import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import { GOOD_PROVIDER } from '../application/__testUtils__/goodFacts';
import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import { SecretValue } from '../core';
import { describeProblems, integrationReport } from '../integration';
import { fakeSystems } from '../integration/__testUtils__/fakeSystems';
import {
  CLIENT_SECRET,
  DESIRED,
  GATEWAY_URL,
  goodAuthConfig,
  goodLoginUrl,
} from '../integration/__testUtils__/goodObservation';
import { desiredSettings } from '../integration/desired';
import {
  observeIntegration,
  type IntegrationSystems,
} from '../integration/observe';
import { patchEnvFile, patchHelmValues } from '../settingsFiles';
import { FileTarget, GatewayApiTarget } from '../targets';
import type { SettingsTarget } from '../targets/types';
import { FakeKubernetesClient } from '../targets/kubernetes/__testUtils__/FakeKubernetesClient';
import {
  configMapOf,
  OWN_REFERENCES,
  secretOf,
} from '../targets/kubernetes/__testUtils__/gatewayObjects';
import { targetOf } from '../targets/kubernetes/__testUtils__/targetOf';
import { configureGateway } from './connect';
import { disconnectGateway } from './disconnect';

const FORMER_SECRET = 'Pq7'.repeat(42).concat('zz');
const PASSWORD = 'hunter2-of-somewhere';
const SECRETS = [CLIENT_SECRET, FORMER_SECRET, PASSWORD];

/** What people put in the place of another value by mistake. */
const MISPLACED: Array<[what: string, value: string]> = [
  ['the client secret', CLIENT_SECRET],
  ['a former client secret', FORMER_SECRET],
  ['a password', PASSWORD],
  ['a password in a URL', `https://me:${PASSWORD}@auth.company/application/`],
  ['a token in a query', `https://auth.company/?token=${PASSWORD}`],
];

const KEYS = [
  'AUTH_METHOD',
  'IDP_CLIENT_ID',
  'IDP_GROUPS_CLAIM',
  'IDP_ISSUER',
  'ADMIN_USERNAME',
  'API_URL',
  'IDP_URI',
  'IDP_CUSTOM_SCOPES',
  'IDP_AUDIENCE',
] as const;

const CASES = KEYS.flatMap(key =>
  MISPLACED.map(([what, value]) => ({ key, what, value })),
);

const GOOD: Record<string, string> = {
  AUTH_METHOD: 'oidc',
  IDP_CLIENT_ID: GOOD_PROVIDER.clientId,
  IDP_GROUPS_CLAIM: 'groups',
  IDP_ISSUER: DESIRED.issuer,
  ADMIN_USERNAME: 'admin',
  API_URL: GATEWAY_URL,
};

const SETTINGS = desiredSettings(DESIRED, GOOD_PROVIDER);

const CONFIGURED = {
  gateway: {
    name: 'prod',
    url: GATEWAY_URL,
    adminGroup: 'admin',
    target: { type: 'envFile' },
  } as GatewayConfig,
  authentik: { name: 'default' } as AuthentikInstanceConfig,
};

/** The gateway sends people to where its settings say. */
function loginUrlOf(key: string, value: string) {
  const good = goodLoginUrl();
  const [endpoint] = value.split('?');
  return {
    ...good,
    ...(key === 'IDP_CLIENT_ID' && { clientId: value }),
    ...(key === 'API_URL' && { redirectUri: `${value}/api/callback` }),
    ...(key === 'IDP_ISSUER' && { endpoint }),
    ...(key === 'IDP_CUSTOM_SCOPES' && { scopes: [value] }),
  };
}

function systemsWith(
  key: string,
  value: string,
  makeTarget: (systems: IntegrationSystems) => SettingsTarget,
): IntegrationSystems {
  const { systems } = fakeSystems();
  systems.hoop.getLoginUrl.mockImplementation(async () =>
    loginUrlOf(key, value),
  );
  return { ...systems, target: makeTarget(systems) };
}

/** Everything that people are shown of a gateway, and of the runs that change it. */
async function shownOf(
  create: () => IntegrationSystems,
  dryRuns: readonly boolean[] = [true, false],
): Promise<string> {
  const shown: unknown[] = [];
  const log = (line: string) => shown.push(line);
  const observed = await observeIntegration(create(), DESIRED, {
    loginUrl: true,
  });
  const report = integrationReport(
    'resource:default/hoop',
    CONFIGURED,
    DESIRED,
    observed,
  );
  shown.push(report, describeProblems(report.problems, report.checks));
  const verify = { timeoutMs: 0 };
  for (const dryRun of dryRuns) {
    for (const run of [configureGateway, disconnectGateway]) {
      const onPlan = (changes: unknown) => shown.push(changes);
      await run(create(), DESIRED, {
        log,
        verify,
        dryRun,
        onPlan,
        allowLockout: true,
        allowManaged: true,
      }).then(
        result => shown.push(result),
        error => shown.push(error.message, error.stack),
      );
    }
  }
  return JSON.stringify(shown);
}

/** What of the secrets a text shows. */
function secretsIn(text: string): string[] {
  return SECRETS.filter(secret => text.includes(secret));
}

/** What people are shown of a file that is edited, or why it is not. */
function of(patch: () => object): string {
  try {
    const { text: _, ...shown } = { text: '', ...patch() };
    return JSON.stringify(shown);
  } catch (error) {
    return String(error);
  }
}

/** A gateway that does not start, and logs what it does not accept. */
function clusterWith(
  key: string,
  value: string,
  place: 'ConfigMap' | 'Secret' | 'env',
) {
  const { [key]: _, ...others } = GOOD;
  const client = new FakeKubernetesClient(
    {
      envFrom: OWN_REFERENCES,
      env: place === 'env' ? [{ name: key, value }] : [],
    },
    [
      configMapOf(place === 'ConfigMap' ? { ...others, [key]: value } : others),
      secretOf({
        IDP_CLIENT_SECRET: FORMER_SECRET,
        ...(place === 'Secret' && { [key]: value }),
      }),
    ],
  );
  client.endsWith = () => `fatal: invalid ${key} env, got=${value}`;
  return client;
}

describe('a secret in the place of another setting', () => {
  it.each(CASES)(
    'should not be shown in a cluster: $what in $key',
    async ({ key, value }) => {
      for (const place of ['ConfigMap', 'Secret', 'env'] as const) {
        expect(
          secretsIn(
            await shownOf(
              () =>
                systemsWith(key, value, () =>
                  targetOf(clusterWith(key, value, place), {
                    rolloutTimeoutMs: 200,
                  }),
                ),
              place === 'ConfigMap' ? [true, false] : [true],
            ),
          ),
        ).toEqual([]);
      }
    },
  );

  it.each(CASES)(
    'should not be shown by what a gateway stores: $what in $key',
    async ({ key, value }) => {
      const stored = () =>
        goodAuthConfig(
          {
            provider_name: 'other',
            ...(key === 'AUTH_METHOD' && { auth_method: value }),
            ...(key === 'ADMIN_USERNAME' && { admin_role_name: value }),
          },
          {
            client_secret: FORMER_SECRET,
            ...(key === 'IDP_CLIENT_ID' && { client_id: value }),
            ...(key === 'IDP_GROUPS_CLAIM' && { groups_claim: value }),
            ...(key === 'IDP_ISSUER' && { issuer_url: value }),
            ...(key === 'IDP_CUSTOM_SCOPES' && { scopes: [value] }),
            ...(key === 'IDP_AUDIENCE' && { audience: value }),
          },
        );
      const hoop = (systems: IntegrationSystems) =>
        Object.assign(systems.hoop, {
          hasApiKey: true,
          getAuthConfig: async () => stored(),
          putAuthConfig: async () => stored(),
        });
      for (const target of [
        (systems: IntegrationSystems) => new GatewayApiTarget(hoop(systems)),
        (systems: IntegrationSystems) => {
          hoop(systems);
          return systems.target;
        },
        (systems: IntegrationSystems) => {
          hoop(systems);
          return new FileTarget({ type: 'envFile' });
        },
      ]) {
        expect(
          secretsIn(await shownOf(() => systemsWith(key, value, target))),
        ).toEqual([]);
      }
    },
  );

  it.each(CASES)(
    'should not be shown of files: $what in $key',
    ({ key, value }) => {
      const { IDP_CLIENT_SECRET: clientSecret, ...open } = SETTINGS;
      const values = { ...GOOD, [key]: value };
      const env = Object.entries(values)
        .map(pair => pair.join('='))
        .join('\n');
      for (const secret of [clientSecret, undefined]) {
        const options = { file: 'f', settings: open, clientSecret: secret };
        expect(secretsIn(of(() => patchEnvFile(`${env}\n`, options)))).toEqual(
          [],
        );
        for (const config of [
          values,
          { ...values, [key]: [value] },
          { ...values, [key]: { of: value } },
        ]) {
          const yaml = JSON.stringify({ config, existingSecret: 'hoop' });
          expect(secretsIn(of(() => patchHelmValues(yaml, options)))).toEqual(
            [],
          );
        }
      }
    },
  );

  it.each([FORMER_SECRET, CLIENT_SECRET])(
    'should not be shown where the name of a Secret is expected',
    value => {
      const { IDP_CLIENT_SECRET: clientSecret, ...open } = SETTINGS;
      for (const [existingSecret, replaceExistingSecret] of [
        ['hoop', true],
        ['hoop', false],
        [undefined, false],
      ] as const) {
        const shown = of(() =>
          patchHelmValues(
            JSON.stringify({ config: GOOD, existingSecret: value }),
            {
              file: 'f',
              settings: open,
              clientSecret,
              existingSecret,
              replaceExistingSecret,
            },
          ),
        );
        expect(secretsIn(shown)).toEqual([]);
      }
    },
  );

  it('should know the five settings', () => {
    expect(KEYS).toEqual(
      expect.arrayContaining(
        SETTING_KEYS.filter(key => key !== 'IDP_CLIENT_SECRET'),
      ),
    );
    expect(SETTINGS.IDP_CLIENT_SECRET).toEqual(new SecretValue(CLIENT_SECRET));
  });
});
