import { checkSchema } from 'backstage-plugin-hoop-authentik-common';
import { inputWith } from '../testing/goodObservation';
import { CHECKS, PREFLIGHT_CHECKS, runChecks } from '.';

describe('runChecks', () => {
  it('should pass all of them where everything is as required', () => {
    const checks = runChecks(inputWith());
    expect(checks.map(({ id, status }) => `${id} ${status}`)).toEqual(
      CHECKS.map(({ id }) => `${id} pass`),
    );
    checks.forEach(check => expect(checkSchema.parse(check)).toEqual(check));
  });

  it('should name each check once, with the system it looks at', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    CHECKS.forEach(({ id, system }) =>
      expect(id.startsWith(system)).toBe(true),
    );
  });
});

describe('PREFLIGHT_CHECKS', () => {
  it('should be those that can be proven before the switch', () => {
    expect(PREFLIGHT_CHECKS.map(({ id }) => id)).toEqual([
      'authentik.reachable',
      'authentik.application',
      'authentik.provider',
      'authentik.redirect-uri',
      'authentik.signing-key',
      'authentik.scopes',
      'authentik.grant-types',
      'authentik.discovery',
      'authentik.authorize',
      'authentik.client-secret',
      'kubernetes.reachable',
      'kubernetes.shadowing',
      'gateway.apiUrl',
    ]);
  });
});
