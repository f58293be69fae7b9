import { CAPABILITIES } from '../../targets';
import {
  checkSchema,
  integrationState,
} from 'backstage-plugin-hoop-authentik-common';
import { AuthentikPermissionError } from '../../systems/authentik';
import { failed, inputWith } from '../__testUtils__/goodObservation';
import type { ObservedIntegration } from '../types';
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

  it.each(CHECKS)(
    'should tell the catalogue why $id matters and what mends it',
    ({ why, mend }) => {
      expect(why).toMatch(/^([A-Z]|authentik ).*\.$/);
      expect(mend).toMatch(/^[A-Z].*\.$/);
    },
  );
});

describe('runChecks of a gateway without a cluster', () => {
  it.each(['gatewayApi', 'helmValues', 'envFile'] as const)(
    'should find nothing of a cluster for the target "%s"',
    type => {
      const checks = runChecks(
        inputWith(observed => {
          observed.targetCapabilities = CAPABILITIES[type];
          observed.target = failed('not read');
        }),
      );
      const findings = checks
        .filter(({ system }) => system === 'kubernetes')
        .map(({ status, actual }) => `${status} ${actual}`);
      expect(new Set(findings)).toEqual(
        new Set([
          `skipped the settings are kept in ${CAPABILITIES[type].keptIn}`,
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
      'authentik.permissions',
      'authentik.application',
      'authentik.provider',
      'authentik.redirect-uri',
      'authentik.signing-key',
      'authentik.signingKeyExpiry',
      'authentik.encryptionKey',
      'authentik.scopes',
      'authentik.grant-types',
      'authentik.declaredBindings',
      'authentik.issuerMode',
      'authentik.discovery',
      'authentik.authorize',
      'authentik.client-secret',
      'authentik.groupsClaim',
      'authentik.emailClaim',
      'kubernetes.reachable',
      'kubernetes.shadowing',
      'gateway.apiUrl',
      'gateway.storedConfiguration',
      'gateway.adminGroup',
      'sign-in.administrator',
    ]);
  });
});

describe('an unreachable system', () => {
  const down = <T extends object>(facts: T) =>
    Object.keys(facts).forEach(fact =>
      Object.assign(facts, { [fact]: failed('no route') }),
    );
  const SYSTEMS: Record<string, (observed: ObservedIntegration) => void> = {
    authentik: ({ authentik }) => down(authentik),
    kubernetes: observed => {
      observed.target = failed('no route');
    },
    gateway: ({ gateway }) => down(gateway),
  };
  const IN_USE = { usesAuthentik: true, settingsInUse: true };

  it.each(Object.keys(SYSTEMS))(
    'should make nothing fail when it is %s',
    system => {
      const checks = runChecks(inputWith(SYSTEMS[system]));
      expect(
        checks.filter(({ status }) => status === 'fail').map(({ id }) => id),
      ).toEqual([]);
      expect(integrationState(checks, IN_USE)).toBe('unreachable');
      const own = checks.filter(
        check =>
          check.system === system &&
          // The Deployment tells them.
          !['gateway.apiUrl', 'gateway.adminGroup'].includes(check.id),
      );
      expect(own.map(({ id, status }) => `${id} ${status}`)).toEqual(
        own.map(({ id }) => `${id} unknown`),
      );
    },
  );
});

describe('a refused permission', () => {
  it('should be named once and not look like an unreachable system', () => {
    const refused = {
      ok: false as const,
      error: new AuthentikPermissionError(
        'no',
        'authentik_core.view_application',
      ),
    };
    const checks = runChecks(
      inputWith(({ authentik }) => {
        authentik.application = refused;
        authentik.provider = refused;
        authentik.bindings = refused;
        authentik.keyUses = refused;
        authentik.claims = refused;
        authentik.authorize = refused;
        authentik.clientSecret = refused;
      }),
    );
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([
      expect.objectContaining({
        id: 'authentik.permissions',
        actual: 'it lacks the permission authentik_core.view_application',
      }),
    ]);
    expect(checks.map(({ status }) => status)).not.toContain('unknown');
  });
});
