import { integrationSchema } from 'backstage-plugin-hoop-authentik-common';
import { SecretValue } from '../core';
import { CONFIG } from '../targets/kubernetes/__testUtils__/gatewayObjects';
import type { AddedCheck } from './checks';
import { integrationReport } from './report';
import {
  CLIENT_SECRET,
  DESIRED,
  failed,
  goodAuthConfig,
  inputWith,
  ok,
  unreachable,
  withState,
} from './__testUtils__/goodObservation';
import type { ObservedIntegration } from './types';

const API_KEY = 'xapi-key-stored-in-the-gateway';
const PREVIOUS_SECRET = 'the-secret-stored-in-the-gateway';
const TOKEN = 'the-token-of-authentik';
const CONFIGURED = {
  gateway: {
    name: 'prod',
    title: 'Production',
    url: 'https://hoop.company',
    authentik: 'default',
    application: 'hoop',
    adminGroup: 'admin',
    caFile: undefined,
    apiKey: new SecretValue(API_KEY),
    target: CONFIG,
  },
  authentik: {
    name: 'default',
    baseUrl: 'https://auth.company',
    credential: { token: new SecretValue(TOKEN) },
    caFile: undefined,
    signingKey: undefined,
  },
};

function report(change?: (observed: ObservedIntegration) => void) {
  const { observed } = inputWith(change);
  return integrationReport(
    'component:default/hoop',
    CONFIGURED,
    DESIRED,
    observed,
  );
}

/** The gateway says how it signs people in. */
function signsInWith(observed: ObservedIntegration, authMethod: string) {
  observed.gateway.info = ok({
    version: undefined,
    authMethod,
    setupRequired: false,
  });
}

describe('integrationReport', () => {
  it('should show an integration that is right', () => {
    const shown = report();
    expect(shown).toMatchObject({
      entityRef: 'component:default/hoop',
      state: 'connected',
      gateway: {
        name: 'prod',
        title: 'Production',
        url: 'https://hoop.company',
        version: '1.148.0',
        authMethod: 'oidc',
      },
      authentik: {
        name: 'default',
        baseUrl: 'https://auth.company',
        version: '2026.8.0',
      },
      application: {
        slug: 'hoop',
        exists: true,
        name: 'Hoop',
        clientId: 'the-client-id',
        issuer: 'https://auth.company/application/o/hoop/',
        adminUrl: DESIRED.application.adminUrl,
      },
      commands: [
        { command: 'hoop config create --api-url https://hoop.company' },
        { command: 'hoop login' },
      ],
      observedAt: '2026-05-01T12:00:00.000Z',
    });
    expect(integrationSchema.parse(shown)).toEqual(shown);
  });

  it.each<[string, string, (observed: ObservedIntegration) => void]>([
    [
      'connected',
      'something only warns',
      ({ authentik }) => {
        authentik.keys = ok([{ kty: 'RSA', expiry: '2026-05-02T12:00:00Z' }]);
      },
    ],
    [
      'not-connected',
      'the gateway uses local accounts and has no settings',
      observed => {
        signsInWith(observed, 'local');
        observed.gateway.oidcLoaded = ok(false);
        withState(state => {
          state.settings.IDP_ISSUER.value = undefined;
          state.settings.AUTH_METHOD.value = undefined;
        })(observed);
      },
    ],
    [
      'not-connected',
      'the gateway signs people in with another identity provider',
      withState(state => {
        state.settings.IDP_ISSUER.value = 'https://another.company/';
      }),
    ],
    [
      'not-connected',
      'its issuer only begins like ours',
      withState(state => {
        state.settings.IDP_ISSUER.value = 'https://auth.company.evil/o/hoop/';
      }),
    ],
    [
      'pending',
      'the settings are written and the gateway has not restarted',
      observed => {
        signsInWith(observed, 'local');
        withState(state => {
          state.settingsInUse = false;
        })(observed);
      },
    ],
    [
      'pending',
      'the rollout goes on, with the issuer in a Secret',
      observed => {
        signsInWith(observed, 'local');
        withState(state => {
          state.settings.IDP_ISSUER.value = new SecretValue(DESIRED.issuer);
          state.rollout = { done: false, line: '0 of 1', problems: [] };
        })(observed);
      },
    ],
    [
      'drifted',
      'the gateway crashes with the settings',
      withState(state => {
        state.rollout = { done: false, line: '0 of 1', problems: ['crash'] };
      }),
    ],
    [
      'drifted',
      'a setting was changed',
      withState(state => {
        state.settings.IDP_GROUPS_CLAIM.value = 'roles';
      }),
    ],
    [
      'drifted',
      'the gateway runs with the settings and does not use them',
      observed => signsInWith(observed, 'local'),
    ],
    [
      'drifted',
      'the provider was changed',
      ({ authentik }) => {
        authentik.authorize = ok({ outcome: 'client-refused' });
      },
    ],
    [
      'drifted',
      'a setting was changed and authentik does not answer',
      observed => {
        observed.authentik.authorize = ok({ outcome: 'client-refused' });
        observed.target = unreachable();
      },
    ],
    [
      'pending',
      'the rollout goes on and the gateway does not answer',
      observed => {
        withState(state => {
          state.rollout = { done: false, line: '0 of 1', problems: [] };
        })(observed);
        observed.gateway.info = unreachable();
        observed.gateway.oidcLoaded = unreachable();
      },
    ],
    [
      'down',
      'the gateway crashes with the settings and does not answer',
      observed => {
        withState(state => {
          state.rollout = { done: false, line: '0 of 1', problems: ['crash'] };
        })(observed);
        observed.gateway.info = unreachable();
      },
    ],
    [
      'unreachable',
      'the gateway does not answer and nothing says why',
      observed => {
        observed.gateway.info = unreachable();
        observed.gateway.oidcLoaded = unreachable();
      },
    ],
    [
      'not-connected',
      'the gateway uses local accounts and authentik does not answer',
      observed => {
        signsInWith(observed, 'local');
        observed.target = unreachable();
        observed.authentik.application = unreachable();
      },
    ],
    [
      'unreachable',
      'nothing can be observed of it',
      observed => {
        observed.target = unreachable();
        observed.gateway.info = unreachable();
      },
    ],
    [
      'unreachable',
      'the cluster does not answer',
      observed => {
        observed.target = failed();
      },
    ],
    [
      'unreachable',
      'authentik does not answer',
      ({ authentik }) => {
        authentik.application = failed();
      },
    ],
  ])('should be %s when %s', (state, _, change) => {
    expect(report(change).state).toBe(state);
  });

  it('should count the warning of an open gateway beside its state', () => {
    const open = integrationReport(
      'component:default/hoop',
      CONFIGURED,
      { ...DESIRED, allowedGroups: undefined },
      inputWith(({ authentik }) => {
        authentik.bindings = ok([]);
      }).observed,
    );
    expect(open).toMatchObject({
      state: 'connected',
      warnings: 1,
      complete: true,
      problems: [{ id: 'authentik.bindings', severity: 'warn' }],
    });
  });

  it('should say whether every check could be decided', () => {
    expect(report()).toMatchObject({
      warnings: 0,
      complete: true,
      problems: [],
    });
    expect(
      report(observed => {
        observed.authentik.keyUses = unreachable();
      }),
    ).toMatchObject({
      state: 'unreachable',
      complete: false,
      problems: [
        {
          id: 'authentik.unreachable',
          checks: ['authentik.signing-key-shared'],
        },
      ],
    });
  });

  it('should run the checks of third parties as well', () => {
    const added: AddedCheck = {
      id: 'gateway.x-name',
      system: 'gateway',
      title: 'Gateway has a company name',
      why: 'Names are agreed on.',
      remedy: 'Rename it.',
      run: ({ desired }) => ({
        status: 'fail',
        expected: 'a name that starts with company-',
        actual: desired.gateway.name,
        remedy: 'Rename it.',
      }),
    };
    const shown = integrationReport(
      'component:default/hoop',
      CONFIGURED,
      DESIRED,
      inputWith().observed,
      [added],
    );
    expect(shown).toMatchObject({
      state: 'drifted',
      problems: [{ id: 'gateway.x-name', checks: ['gateway.x-name'] }],
    });
    expect(shown.checks.at(-1)?.id).toBe('gateway.x-name');
    expect(integrationSchema.parse(shown)).toEqual(shown);
  });

  it('should not claim that an application is missing that could not be looked for', () => {
    const { application } = report(({ authentik }) => {
      authentik.application = failed();
      authentik.provider = failed();
    });
    expect(application).toMatchObject({ exists: undefined, name: undefined });
    expect(
      report(({ authentik }) => {
        authentik.application = ok(undefined);
      }).application.exists,
    ).toBe(false);
  });

  it('should check the sign-in only where it was asked for', () => {
    const idsOf = (change?: (observed: ObservedIntegration) => void) =>
      report(change).checks.map(({ id }) => id);
    expect(idsOf()).toContain('sign-in.login-url');
    const unasked = idsOf(({ gateway }) => {
      gateway.loginUrl = undefined;
      gateway.signIn = undefined;
    });
    expect(unasked).toEqual(
      idsOf().filter(
        id => !['sign-in.login-url', 'sign-in.test-account'].includes(id),
      ),
    );
  });

  it('should show a sign-in that was asked for and could not be observed', () => {
    const { checks } = report(({ gateway }) => {
      gateway.loginUrl = failed('the gateway answered 500');
    });
    expect(checks).toContainEqual(
      expect.objectContaining({
        system: 'sign-in',
        status: 'unknown',
        cause: 'gateway.failed',
      }),
    );
  });

  it('should show no secret, whatever is wrong', () => {
    const shown = JSON.stringify([
      report(),
      report(
        withState(state => {
          Object.values(state.settings).forEach(setting => {
            setting.value = CLIENT_SECRET;
          });
        }),
      ),
      report(({ gateway }) => {
        gateway.authConfig = ok(
          goodAuthConfig(
            { api_key: API_KEY, provider_name: 'other' },
            {
              issuer_url: CLIENT_SECRET,
              client_id: CLIENT_SECRET,
              client_secret: PREVIOUS_SECRET,
              groups_claim: CLIENT_SECRET,
            },
          ),
        );
      }),
    ]);
    expect(shown).not.toContain(API_KEY);
    expect(shown).not.toContain(PREVIOUS_SECRET);
    expect(shown).not.toContain(CLIENT_SECRET);
    expect(shown).not.toContain(TOKEN);
  });
});
