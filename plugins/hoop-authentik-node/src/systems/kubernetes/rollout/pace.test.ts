import { Pace } from './pace';

describe('Pace', () => {
  it('should allow a burst, then one per interval', () => {
    const pace = new Pace({ burst: 3, intervalMs: 100 });
    const now = 1_000_000;
    expect([1, 2, 3, 4, 5].map(() => pace.take(now))).toEqual([
      0, 0, 0, 100, 200,
    ]);
    expect(pace.take(now + 1_000)).toBe(0);
    expect(pace.take(now + 1_000)).toBe(0);
    expect(pace.take(now + 1_000)).toBe(0);
    expect(pace.take(now + 1_000)).toBe(100);
  });
});
