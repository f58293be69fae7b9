import { checkSchema } from 'backstage-plugin-hoop-authentik-common';
import { failed, inputWith } from '../testing/goodObservation';
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

describe('runChecks of a gateway without a cluster', () => {
  it.each(['gatewayApi', 'helmValues', 'envFile'] as const)(
    'should find nothing of a cluster for the target "%s"',
    targetType => {
      const checks = runChecks(
        inputWith(observed => {
          observed.targetType = targetType;
          observed.target = failed('not read');
        }),
      );
      const findings = checks
        .filter(({ system }) => system === 'kubernetes')
        .map(({ status, actual }) => `${status} ${actual}`);
      expect(new Set(findings)).toEqual(
        new Set([
          `skipped the settings are kept elsewhere (target "${targetType}" in app-config)`,
        ]),
      );
      expect(checks.map(({ status }) => status)).not.toContain('unknown');
    },
  );
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
      'gateway.storedConfiguration',
    ]);
  });
});
