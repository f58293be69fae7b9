import type { Check } from 'backstage-plugin-hoop-authentik-common';
import fc from 'fast-check';
import { withFailure } from '../core';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../systems/authentik';
import { CAPABILITIES } from '../targets';
import {
  AUTHENTIK_FACTS,
  found,
  GATEWAY_FACTS,
  with503,
} from './__testUtils__/failures';
import {
  failed,
  forbidden,
  refusedToken,
  unreachable,
  withAuthentik,
  withGateway,
  withState,
} from './__testUtils__/goodObservation';
import { UnusableSigningKeyError } from './observe';
import type { Observation, ObservedIntegration } from './types';

describe('any combination of failures', () => {
  const failures: Observation<never>[] = [
    unreachable(),
    unreachable('CERT_HAS_EXPIRED'),
    refusedToken(),
    forbidden(),
    failed(),
    with503('/x'),
    { ok: false, error: new AuthentikPermissionError('no', 'a.view_b') },
    { ok: false, error: new AuthentikServerError('server error') },
    { ok: false, error: new UnusableSigningKeyError('error', 'ed25519') },
    {
      ok: false,
      error: withFailure(new Error('itself'), { kind: 'server-error' }),
    },
    {
      ok: false,
      error: withFailure(new Error('asked on the way'), {
        kind: 'unreachable',
        system: 'authentik',
      }),
    },
  ];
  const one = fc.option(fc.constantFrom(...failures), { nil: undefined });
  const facts = <F extends string>(names: readonly F[]) =>
    fc.record(
      Object.fromEntries(names.map(name => [name, one])) as Record<
        F,
        typeof one
      >,
    );
  const changes = fc.record({
    authentik: facts(AUTHENTIK_FACTS),
    gateway: facts(GATEWAY_FACTS),
    target: one,
    crashing: fc.boolean(),
    type: fc.constantFrom(...Object.values(CAPABILITIES)),
  });

  const failing = (chosen: Record<string, Observation<never> | undefined>) =>
    Object.fromEntries(
      Object.entries(chosen).filter(([, failure]) => failure !== undefined),
    );

  it('should name the cause of every check that is undecided', () => {
    fc.assert(
      fc.property(changes, ({ authentik, gateway, target, crashing, type }) => {
        const { checks, problems } = found((observed: ObservedIntegration) => {
          if (crashing) {
            withState(state => {
              state.rollout.problems = ['crash'];
            })(observed);
          }
          withAuthentik(failing(authentik))(observed);
          withGateway(failing(gateway))(observed);
          observed.targetCapabilities = type;
          observed.target = target ?? observed.target;
        });
        const wrong = checks.filter(
          ({ status }) => !['pass', 'skipped'].includes(status),
        );
        const problemsWith = (id: Check['id']) =>
          problems.filter(problem => problem.checks.includes(id));
        expect(problems.flatMap(problem => problem.checks).sort()).toEqual(
          wrong.map(({ id }) => id).sort(),
        );
        expect(
          wrong
            .filter(({ status }) => status === 'unknown')
            .filter(
              ({ id, cause }) =>
                !problemsWith(id).some(
                  problem =>
                    problem.id === cause &&
                    problem.error &&
                    /^[A-Z].*\.$/.test(problem.remedy),
                ),
            ),
        ).toEqual([]);
        const ids = problems.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });
});
