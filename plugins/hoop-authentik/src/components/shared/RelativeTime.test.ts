import { relativeTime } from './RelativeTime';

const NOW = new Date('2026-01-02T12:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-01-02T11:59:31Z', 0, 'second'],
    ['2026-01-02T12:05:00Z', 0, 'second'],
    ['2026-01-02T11:57:30Z', -2, 'minute'],
    ['2026-01-02T09:00:00Z', -3, 'hour'],
    ['2025-12-31T11:00:00Z', -2, 'day'],
  ])('should express %s', (then, amount, unit) => {
    expect(relativeTime(new Date(then), NOW)).toEqual({ amount, unit });
  });
});
