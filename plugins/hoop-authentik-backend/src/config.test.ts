import { ConfigReader } from '@backstage/config';
import { readBackendConfig } from './config';

const read = (hoopAuthentik: object) =>
  readBackendConfig(
    new ConfigReader({ hoopAuthentik } as ConstructorParameters<
      typeof ConfigReader
    >[0]),
  );

describe('readBackendConfig', () => {
  it('should sweep every ten minutes and keep history for 90 days by default', () => {
    expect(read({})).toMatchObject({
      schedule: { frequency: { minutes: 10 }, scope: 'global' },
      staleAfterMs: 30 * 60 * 1_000,
      keepHistoryMs: 90 * 24 * 60 * 60 * 1_000,
    });
  });

  it('should take schedules and durations in the forms of Backstage', () => {
    expect(
      read({
        sweep: { schedule: { frequency: 'PT2M', timeout: { minutes: 1 } } },
        history: { keep: '30 days' },
      }),
    ).toMatchObject({
      schedule: { frequency: { minutes: 2 }, timeout: { minutes: 1 } },
      staleAfterMs: 6 * 60 * 1_000,
      keepHistoryMs: 30 * 24 * 60 * 60 * 1_000,
    });
    expect(
      read({
        sweep: {
          schedule: { frequency: { cron: '0 * * * *' }, timeout: 'PT1M' },
        },
      }),
    ).toMatchObject({ schedule: { frequency: { cron: '0 * * * *' } } });
  });

  it.each<[string, object, RegExp]>([
    ['no timeout', { sweep: { schedule: { frequency: 'PT1M' } } }, /timeout/],
    ['no frequency', { sweep: { schedule: { timeout: 'PT1M' } } }, /frequency/],
    [
      'a number as frequency',
      { sweep: { schedule: { frequency: 10, timeout: 'PT1M' } } },
      /frequency/,
    ],
    [
      'an unknown unit',
      {
        sweep: { schedule: { frequency: { moons: 1 }, timeout: 'PT1M' } },
      },
      /frequency|moons/,
    ],
    ['a text as schedule', { sweep: { schedule: 'hourly' } }, /schedule/],
  ])('should name the schedule that is wrong: %s', (_, config, said) => {
    expect(() => read(config)).toThrow(/hoopAuthentik\.sweep\.schedule/);
    expect(() => read(config)).toThrow(said);
  });

  it.each<[string, unknown]>([
    ['words', 'forever'],
    ['a number', 90],
    ['an unknown unit', { moons: 3 }],
    ['nothing in it', {}],
  ])('should name the duration that is wrong: %s', (_, keep) => {
    expect(() => read({ history: { keep } })).toThrow(
      /hoopAuthentik\.history\.keep/,
    );
  });
});
