import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { MAKE_REACHABLE } from '../integration/checks/check';
import { describeCheck, refuseFailures } from './refusals';

const check = (fields: Partial<Check>): Check => ({
  id: 'x',
  system: 'gateway',
  title: 'A title',
  status: 'fail',
  ...fields,
});

describe('describeCheck', () => {
  it.each([
    [{}, 'A title.'],
    [{ expected: 'a' }, 'A title: expected a.'],
    [
      { expected: 'a', actual: 'b', remedy: 'Fix it.' },
      'A title: expected a; found b. Fix it.',
    ],
  ])('should describe %j', (fields, line) => {
    expect(describeCheck(check(fields))).toBe(line);
  });
});

describe('refuseFailures', () => {
  it('should accept what passed, warns or does not apply', () => {
    const checks = (['pass', 'warn', 'skipped'] as const).map(status =>
      check({ status }),
    );
    expect(() => refuseFailures(checks, 'No.')).not.toThrow();
  });

  it('should name every failure', () => {
    expect(() =>
      refuseFailures([check({ actual: 'a' }), check({ actual: 'b' })], 'No.'),
    ).toThrow('No. A title: found a. A title: found b.');
  });

  it('should not blame the user for a permission that our token lacks', () => {
    expect(() =>
      refuseFailures(
        [
          check({}),
          check({ id: 'authentik.permissions', actual: 'it lacks x' }),
        ],
        'No.',
      ),
    ).toThrow(
      expect.objectContaining({
        name: 'ServiceUnavailableError',
        message: 'No. A title: found it lacks x.',
      }),
    );
  });

  it('should name what could not be observed first', () => {
    expect(() =>
      refuseFailures(
        [check({}), check({ status: 'unknown', actual: 'no route' })],
        'No.',
      ),
    ).toThrow(
      expect.objectContaining({
        name: 'ServiceUnavailableError',
        message: 'No. no route. Run the task again once this is fixed.',
      }),
    );
  });

  it('should give the remedy, unless it only says to make the system reachable', () => {
    const refused = (remedy: string) => () =>
      refuseFailures(
        [check({ status: 'unknown', actual: 'no such thing.', remedy })],
        'No.',
      );
    expect(refused('Name it.')).toThrow(
      'No. no such thing. Name it. Run the task again once this is fixed.',
    );
    expect(refused(MAKE_REACHABLE)).toThrow(
      'No. no such thing. Run the task again once this is fixed.',
    );
  });
});
