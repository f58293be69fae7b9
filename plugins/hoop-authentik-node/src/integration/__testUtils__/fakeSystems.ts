import { FakeAuthentikClient } from '../../application/__testUtils__/FakeAuthentikClient';
import {
  GOOD_APPLICATION,
  GOOD_PROVIDER,
} from '../../application/__testUtils__/goodFacts';
import type { LoginPageProbe } from '../../systems/authentik/types';
import type { GatewayAdministrator } from '../../systems/hoop/types';
import { CAPABILITIES } from '../../targets';
import type {
  TargetCapabilities,
  TargetPlan,
  TargetReading,
  TargetState,
} from '../../targets/types';
import type { IntegrationSystems } from '../observe';
import {
  emptyPlan,
  GATEWAY_URL,
  goodAuthConfig,
  goodDiscovery,
  goodLoginUrl,
  goodState,
} from './goodObservation';

/** The systems of an integration that is as required; a test replaces single answers. */
export function fakeSystems() {
  const authentik = new FakeAuthentikClient();
  authentik.applications.push({ ...GOOD_APPLICATION });
  authentik.providers.push({ ...GOOD_PROVIDER });
  authentik.addBinding(GOOD_APPLICATION.pk, { group: 'group-admin', order: 0 });
  const state: {
    current: TargetState;
    plan: TargetPlan;
    followRollout?: TargetReading['followRollout'];
  } = {
    current: goodState(),
    plan: emptyPlan(),
  };
  const systems = {
    authentik,
    probes: {
      getDiscovery: jest.fn(async () => goodDiscovery()),
      getKeys: jest.fn(async () => [{ kid: 'k', alg: 'RS256' }]),
      probeAuthorize: jest.fn(async () => ({ outcome: 'accepted' as const })),
      probeLoginPage: jest.fn(
        async (): Promise<LoginPageProbe> => ({ outcome: 'login-page' }),
      ),
      probeClientSecret: jest.fn(async (): Promise<boolean> => true),
    },
    hoop: {
      url: GATEWAY_URL,
      getInfo: jest.fn(async () => ({
        version: '1.148.0',
        authMethod: 'oidc',
        setupRequired: false as boolean | undefined,
      })),
      hasOidcLoaded: jest.fn(async (): Promise<boolean> => true),
      getLoginUrl: jest.fn(async () => goodLoginUrl()),
      hasApiKey: false as boolean,
      getAuthConfig: jest.fn(async () => goodAuthConfig()),
      listAdministrators: jest.fn(
        async (): Promise<GatewayAdministrator[]> => [],
      ),
      putAuthConfig: jest.fn(async () => goodAuthConfig()),
    },
    target: {
      capabilities: CAPABILITIES.kubernetes as TargetCapabilities,
      description: 'a target in memory',
      refusal: undefined as string | undefined,
      patience: { totalMs: 200, pauseMs: () => 1 },
      read: jest.fn(
        async (): Promise<TargetReading> => ({
          state: state.current,
          plan: () => state.plan,
          planDisconnect: () => state.plan,
          followRollout: state.followRollout,
        }),
      ),
      restart: jest.fn(async () => {}),
    },
  } satisfies IntegrationSystems;
  return { systems, state };
}

/** What a test may change of them. */
export type FakeSystems = ReturnType<typeof fakeSystems>;

/** The same, with something to change in the target. */
export function changingSystems(changed: Partial<TargetPlan> = {}) {
  const fake = fakeSystems();
  const changing = changingPlan(changed);
  fake.state.plan = changing.plan;
  return { ...fake, ...changing };
}

/** A plan with one change, and what becomes of it. */
export function changingPlan(changed: Partial<TargetPlan> = {}) {
  const restore = jest.fn(async () => {});
  const finish = jest.fn(async () => 0);
  const apply = jest.fn(async () => ({ writes: 3, restore, finish }));
  const plan: TargetPlan = {
    changes: [
      {
        object: 'Secret hoop/hoopgateway-idp',
        field: 'IDP_CLIENT_SECRET',
        from: '(unset)',
        to: '<changed>',
      },
    ],
    refusals: [],
    owners: [],
    restart: true,
    apply,
    ...changed,
  };
  return { plan, apply, restore, finish };
}
