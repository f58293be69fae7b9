import {
  problemSchema,
  type CauseId,
} from 'backstage-plugin-hoop-authentik-common';
import { withFailure } from '../core';
import { AuthentikPermissionError } from '../systems/authentik';
import { CAPABILITIES } from '../targets';
import {
  authentikFails,
  found,
  gatewayFails,
  targetFails,
  with503,
} from './__testUtils__/failures';
import {
  all,
  type Change,
  failed,
  forbidden,
  ok,
  unreachable,
  withAuthentik,
  withState,
} from './__testUtils__/goodObservation';
import type { Observation } from './types';

describe('problemsOf', () => {
  it('should be empty where every check passes', () => {
    expect(found().problems).toEqual([]);
  });

  it('should tell a failing check with its fix, evidence and severity', () => {
    const { problems } = found(withAuthentik({ bindings: ok([]) }));
    expect(problems).toEqual([
      expect.objectContaining({
        id: 'authentik.bindings',
        severity: 'fail',
        title: 'Access is bound to a policy, group or user',
        remedy: expect.stringContaining(
          'Everyone with an account in authentik may sign in',
        ),
      }),
      expect.objectContaining({
        id: 'authentik.declared-bindings',
        severity: 'fail',
        checks: ['authentik.declared-bindings'],
        fix: { action: 'restrict-access', groups: ['admin'] },
      }),
    ]);
  });

  it.each<[CauseId, Change, string[]]>([
    [
      'authentik.unreachable',
      authentikFails(unreachable()),
      ['authentik.reachable', 'kubernetes.settings', 'sign-in.login-url'],
    ],
    [
      'authentik.overloaded',
      authentikFails(with503('/x')),
      ['authentik.reachable', 'authentik.permissions'],
    ],
    [
      'kubernetes.unreachable',
      targetFails(unreachable()),
      ['kubernetes.reachable', 'kubernetes.rollout', 'gateway.api-url'],
    ],
    ['kubernetes.forbidden', targetFails(forbidden()), ['kubernetes.settings']],
    [
      'gateway.unreachable',
      gatewayFails(unreachable()),
      ['gateway.reachable', 'gateway.oidc-loaded', 'sign-in.first-user'],
    ],
  ])('should tell %s once, with the checks it affects', (id, change, some) => {
    const { checks, problems } = found(change);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem).toMatchObject({ id, severity: 'unknown' });
    expect(problem.checks).toEqual(expect.arrayContaining(some));
    expect(problem.checks).toEqual(
      checks
        .filter(({ status }) => status === 'unknown')
        .map(check => check.id),
    );
    expect(problem.checks.length).toBeGreaterThan(4);
    expect(problemSchema.parse(problem)).toEqual(problem);
    // Only the problem quotes the error.
    expect(JSON.stringify(checks)).not.toContain(problem.error);
  });

  it('should tell an outage of all three systems as three problems', () => {
    const { checks, problems } = found(
      all(
        authentikFails(unreachable('ENOTFOUND')),
        targetFails(unreachable('UND_ERR_CONNECT_TIMEOUT')),
        gatewayFails(unreachable('CERT_HAS_EXPIRED')),
      ),
    );
    expect(problems.map(({ id, params }) => `${id} ${params?.case}`)).toEqual([
      'authentik.unreachable unknown-host',
      'kubernetes.unreachable timeout',
      'gateway.unreachable certificate',
    ]);
    expect(new Set(checks.map(({ status }) => status))).toEqual(
      new Set(['unknown']),
    );
  });

  it('should tell which permissions are missing as one problem, that of the check', () => {
    const refused = (permission: string): Observation<never> => ({
      ok: false,
      error: new AuthentikPermissionError('no', permission),
    });
    const { checks, problems } = found(({ authentik }) => {
      authentik.claims = refused('authentik_providers_oauth2.view');
      authentik.keyUses = refused('authentik_crypto.view');
    });
    expect(problems).toEqual([
      expect.objectContaining({
        id: 'authentik.permission-missing',
        severity: 'fail',
        remedy:
          'Grant authentik_crypto.view, authentik_providers_oauth2.view globally to the user of the token, through a role.',
        checks: expect.arrayContaining([
          'authentik.permissions',
          'authentik.signing-key-shared',
          'authentik.groups-claim',
        ]),
      }),
    ]);
    expect(checks.filter(({ status }) => status === 'fail')).toHaveLength(1);
  });

  it('should only warn of a permission that a switch does without', () => {
    const { problems } = found(({ authentik }) => {
      authentik.keyUses = {
        ok: false,
        error: new AuthentikPermissionError('no', 'x.view'),
      };
    });
    expect(problems).toMatchObject([
      { id: 'authentik.permission-missing', severity: 'warn' },
    ]);
  });

  it('should put what fails before what is unknown, and that before warnings', () => {
    const { problems } = found(
      all(
        targetFails(unreachable()),
        withAuthentik({
          authorize: ok({ outcome: 'client-refused' }),
          keys: ok([{ kty: 'RSA', expiry: '2026-05-02T12:00:00Z' }]),
        }),
      ),
    );
    expect(problems.map(({ id }) => id)).toEqual([
      'authentik.authorize',
      'kubernetes.unreachable',
      'authentik.signing-key-expiry',
    ]);
  });
});

describe('a gateway that is down', () => {
  const crashing = withState(state => {
    state.rollout = {
      done: false,
      line: '0 of 1 updated',
      problems: ['container "hoopgateway" crashes'],
    };
  });

  it.each<[string, Change, string]>([
    [
      'by its cluster',
      all(crashing, gatewayFails(unreachable())),
      '0 of 1 updated; container "hoopgateway" crashes',
    ],
    [
      'by a cluster without a container that runs',
      all(
        withState(state => {
          state.rollout.line = 'complete: scaled to 0 replicas';
          state.settingsInUse = undefined;
        }),
        gatewayFails(unreachable()),
      ),
      'complete: scaled to 0 replicas',
    ],
    [
      'by itself',
      gatewayFails({
        ok: false,
        error: withFailure(new Error('no database'), { kind: 'server-error' }),
      }),
      'no database',
    ],
  ])('should be known %s', (_, change, error) => {
    expect(found(change).problems).toMatchObject([
      { id: 'gateway.down', severity: 'fail', error },
    ]);
  });

  it('should offer to restore what was there before a switch that was never verified', () => {
    const crashingUnverified = withState(state => {
      state.rollout.done = false;
      state.rollout.problems = ['container "hoopgateway" crashes'];
      state.unverifiedSwitch = { since: '2026-11-28T10:00:00Z' };
    });
    expect(
      found(all(crashingUnverified, gatewayFails(unreachable()))).problems,
    ).toMatchObject([
      {
        id: 'gateway.down',
        fix: { action: 'restart' },
        remedy: expect.stringContaining('it restores the previous settings'),
      },
    ]);
  });

  it('should not be guessed from a gateway that answers, or of which nothing is known', () => {
    const idsOf = (change: Change) =>
      found(change).problems.map(({ id }) => id);
    expect(idsOf(crashing)).toEqual(['kubernetes.rollout']);
    expect(idsOf(gatewayFails(unreachable()))).toEqual(['gateway.unreachable']);
    expect(
      idsOf(
        all(gatewayFails(unreachable()), observed => {
          observed.targetCapabilities = CAPABILITIES.envFile;
          observed.target = failed();
        }),
      ),
    ).toEqual(['gateway.unreachable']);
  });
});
