import { CAPABILITIES } from '../../targets';
import { CHECK_IDS, checkSchema } from 'backstage-plugin-hoop-authentik-common';
import { failed, inputWith } from '../__testUtils__/goodObservation';
import { CHECKS, PREFLIGHT_CHECKS, runChecks, type AddedCheck } from '.';

describe('runChecks', () => {
  it('should pass all of them where everything is right', () => {
    const checks = runChecks(inputWith());
    expect(checks.map(({ id, status }) => `${id} ${status}`)).toEqual(
      CHECKS.map(({ id }) => `${id} pass`),
    );
    checks.forEach(check => expect(checkSchema.parse(check)).toEqual(check));
  });

  it('should have the ids that the portal knows, each of the system it looks at', () => {
    expect(CHECKS.map(({ id }) => id)).toEqual([...CHECK_IDS]);
    CHECKS.forEach(({ id, system }) =>
      expect(id.startsWith(`${system}.`)).toBe(true),
    );
  });

  it.each(CHECKS)(
    'should say in the catalogue why $id matters and what to do',
    ({ why, remedy }) => {
      expect(why).toMatch(/^([A-Z]|authentik |app-config ).*\.$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    },
  );

  it('should warn of an added check that throws, and run the others', () => {
    const added: AddedCheck = {
      id: 'gateway.x-broken',
      system: 'gateway',
      title: 'A check with a fault',
      why: 'It has a fault.',
      remedy: 'Correct it.',
      run: () => {
        throw new Error('no such field');
      },
    };
    expect(runChecks(inputWith(), [added, CHECKS[0]])).toEqual([
      expect.objectContaining({
        id: 'gateway.x-broken',
        status: 'warn',
        actual: 'the check itself failed: no such field',
      }),
      expect.objectContaining({ status: 'pass' }),
    ]);
  });
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
      'authentik.signing-key-expiry',
      'authentik.encryption-key',
      'authentik.scopes',
      'authentik.grant-types',
      'authentik.declared-bindings',
      'authentik.issuer-mode',
      'authentik.discovery',
      'authentik.authorize',
      'authentik.client-secret',
      'authentik.groups-claim',
      'authentik.email-claim',
      'kubernetes.reachable',
      'kubernetes.shadowing',
      'gateway.api-url',
      'gateway.stored-configuration',
      'gateway.admin-group',
      'sign-in.administrator',
    ]);
  });
});
