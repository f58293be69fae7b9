import type { Check } from 'backstage-plugin-hoop-authentik-common';
import {
  changingSystems,
  type FakeSystems,
} from '../integration/__testUtils__/fakeSystems';
import { DESIRED } from '../integration/__testUtils__/goodObservation';
import { CHECKS } from '../integration/checks';
import { AuthentikServerError } from '../systems/authentik';
import { configureGateway } from './connect';

/** The check that cannot be decided from now on. */
let mockUndecided: string | undefined;

jest.mock('../integration/checks', () => {
  const actual = jest.requireActual('../integration/checks');
  return {
    ...actual,
    runChecks: (...parameters: unknown[]): Check[] =>
      actual.runChecks(...parameters).map((check: Check) =>
        check.id === mockUndecided
          ? {
              ...check,
              status: 'unknown',
              cause: `${check.system}.unreadable`,
            }
          : check,
      ),
  };
});

const log = () => {};
const FAILED = new AuthentikServerError('server error');
const verify = { timeoutMs: 0 };

/** What only the gateway itself shows once it is switched. */
const OWN = ['gateway.auth-method', 'sign-in.login-url'];
const OTHERS = CHECKS.filter(
  ({ id, preflight, lockout }) => !preflight && !lockout && !OWN.includes(id),
).map(({ id }) => id);

/** A gateway whose switch succeeds, after which the check cannot be decided any more. */
function switching(undecided: string) {
  const fake = changingSystems();
  fake.apply.mockImplementation(async () => {
    mockUndecided = undecided;
    return { writes: 3, restore: fake.restore, finish: fake.finish };
  });
  return fake;
}

describe('a switch after which something cannot be observed', () => {
  afterEach(() => {
    mockUndecided = undefined;
  });

  it.each(OTHERS)('should not be undone for %s', async id => {
    const { systems, restore, finish } = switching(id);
    await expect(
      configureGateway(systems, DESIRED, { log, verify }),
    ).resolves.toMatchObject({ writes: 3, restarted: true });
    expect(restore).not.toHaveBeenCalled();
    expect(finish).toHaveBeenCalledTimes(1);
  });

  it.each(OWN)('should be undone for %s', async id => {
    const { systems, restore } = switching(id);
    await expect(
      configureGateway(systems, DESIRED, { log, verify }),
    ).rejects.toThrow('Previous settings restored');
    expect(restore).toHaveBeenCalledTimes(1);
  });

  it.each<[string, (systems: FakeSystems['systems']) => void]>([
    [
      'the bindings cannot be listed',
      ({ authentik }) =>
        jest.spyOn(authentik, 'listBindings').mockRejectedValue(FAILED),
    ],
    [
      'who else uses the signing key cannot be listed',
      ({ authentik }) =>
        jest.spyOn(authentik, 'listKeyPairUses').mockRejectedValue(FAILED),
    ],
    [
      'the cluster does not show its objects any more',
      ({ target }) => target.read.mockRejectedValue(new Error('no pods')),
    ],
  ])('should not be undone where %s', async (_, change) => {
    const { systems, apply, restore, finish } = changingSystems();
    apply.mockImplementation(async () => {
      change(systems);
      return { writes: 3, restore, finish };
    });
    // Where groups are declared, their bindings are proven before.
    const desired = { ...DESIRED, allowedGroups: undefined };
    await configureGateway(systems, desired, { log, verify });
    expect(restore).not.toHaveBeenCalled();
  });
});
