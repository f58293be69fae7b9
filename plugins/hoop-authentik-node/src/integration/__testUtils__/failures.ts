import { answerOf } from '../../http/__testUtils__/answerOf';
import { errorFromAnswer } from '../../systems/authentik/errors';
import { runChecks } from '../checks';
import { problemsOf } from '../problems';
import type { Observation } from '../types';
import { inputWith, type Change } from './goodObservation';

/** What is found where a good observation is changed. */
export function found(change?: Change) {
  const input = inputWith(change);
  const checks = runChecks(input);
  return { checks, problems: problemsOf(checks, input) };
}

export const AUTHENTIK_FACTS = [
  'application',
  'provider',
  'bindings',
  'discovery',
  'keys',
  'keyUses',
  'adminGroup',
  'claims',
  'authorize',
  'clientSecret',
] as const;
export const GATEWAY_FACTS = [
  'info',
  'oidcLoaded',
  'loginUrl',
  'loginPage',
  'signIn',
  'authConfig',
] as const;

/** Everything of authentik fails in the same way. */
export const authentikFails =
  (failure: Observation<never>): Change =>
  ({ authentik }) =>
    AUTHENTIK_FACTS.forEach(fact => {
      authentik[fact] = failure;
    });

export const gatewayFails =
  (failure: Observation<never>): Change =>
  ({ gateway }) =>
    GATEWAY_FACTS.forEach(fact => {
      gateway[fact] = failure;
    });

export const targetFails =
  (failure: Observation<never>): Change =>
  observed => {
    observed.target = failure;
  };

export const with503 = (path: string): Observation<never> => ({
  ok: false,
  error: errorFromAnswer(
    { system: 'authentik', method: 'GET', path, secrets: [] },
    answerOf({ status: 503 }),
  ),
});
