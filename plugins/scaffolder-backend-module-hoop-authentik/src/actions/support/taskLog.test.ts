import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { loggerTo, type LogRecord } from '../../__testUtils__/portal';
import { logChecks, logPlan, logTo, summaryOf } from './taskLog';

const check = (fields: Partial<Check>): Check => ({
  id: 'gateway.version',
  system: 'gateway',
  title: 'Gateway is recent',
  status: 'pass',
  ...fields,
});

describe('the task log', () => {
  let lines: LogRecord[];
  const logger = loggerTo((...line) => lines.push(line));

  beforeEach(() => {
    lines = [];
  });

  it('should begin with the number of changes and list each', () => {
    logPlan(
      logger,
      [{ object: 'ConfigMap a/b', field: 'X', from: '"1"', to: '"2"' }],
      true,
    );
    expect(lines).toEqual([
      ['info', 'Plan: 1 change (dry run: nothing is written)'],
      ['info', '  ConfigMap a/b: X: "1" -> "2"'],
    ]);
  });

  it('should say that there is nothing to change', () => {
    logPlan(logger, [], false);
    expect(lines).toEqual([['info', 'Plan: no changes']]);
  });

  it.each([
    ['<changed>', '<changed>', 'changed'],
    ['<unchanged>', '<changed>', 'changed'],
    ['(unset)', '<changed>', 'set'],
    ['<changed>', '(removed)', '(secret) -> (removed)'],
  ])('should log a secret from %s to %s as: %s', (from, to, text) => {
    logPlan(logger, [{ object: 'a', field: 'clientSecret', from, to }], false);
    expect(lines[1]).toEqual(['info', `  a: clientSecret: ${text}`]);
  });

  it('should log failures as errors', () => {
    logTo(logger)('Deployment restarted');
    logTo(logger)('The restore failed', 'error');
    expect(lines).toEqual([
      ['info', 'Deployment restarted'],
      ['error', 'The restore failed'],
    ]);
  });

  it('should log checks at the level of their outcome', () => {
    logChecks(logger, [
      check({ actual: '1.148.0' }),
      check({ status: 'skipped' }),
      check({ status: 'warn', actual: 'old', remedy: 'Update it.' }),
      check({ status: 'fail', expected: 'new', actual: 'old' }),
      check({ status: 'unknown', actual: 'no route' }),
    ]);
    expect(lines).toEqual([
      ['info', 'pass    Gateway is recent: 1.148.0'],
      ['info', 'skipped Gateway is recent'],
      ['warn', 'warn    Gateway is recent: found old. Update it.'],
      ['error', 'fail    Gateway is recent: expected new; found old.'],
      ['warn', 'unknown Gateway is recent: found no route.'],
    ]);
  });

  it.each<[string, Check[]]>([
    ['2 checks passed', [check({}), check({}), check({ status: 'skipped' })]],
    [
      '1 check passed, 1 warning: anyone with an authentik account can sign in',
      [check({}), check({ id: 'authentik.bindings', status: 'warn' })],
    ],
    [
      '0 checks passed, 1 warning: Gateway is recent: ends on 2026-12-01',
      [
        check({
          id: 'authentik.bindings',
          status: 'warn',
          actual: 'ends on 2026-12-01',
          params: { case: 'ends' },
        }),
      ],
    ],
    [
      '0 checks passed, 2 warnings: Gateway is recent: old; Gateway is recent',
      [check({ status: 'warn', actual: 'old' }), check({ status: 'warn' })],
    ],
  ])('should summarize: %s', (summary, checks) => {
    expect(summaryOf(checks)).toBe(summary);
  });
});
