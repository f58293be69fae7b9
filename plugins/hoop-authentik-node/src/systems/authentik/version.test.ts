import { compareVersions, isAtLeast, parseVersion } from './version';

describe('parseVersion', () => {
  it.each([
    ['2025.10.0-rc1', 2025, 10, 0, 1],
    ['2026.8.3', 2026, 8, 3, undefined],
    ['2025.12', 2025, 12, 0, undefined],
    [' 2024.6.0rc2 ', 2024, 6, 0, 2],
  ])('should read %j', (text, year, month, patch, candidate) => {
    expect(parseVersion(text)).toEqual({ year, month, patch, candidate });
  });

  it.each(['', 'main', 'gh-next', '2026', '2026.8.x'])(
    'should not read %j',
    text => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );
});

describe('compareVersions', () => {
  it('should order versions as they were released', () => {
    const released = [
      '2024.12.5',
      '2025.2.0',
      '2025.10.0-rc1',
      '2025.10.0-rc2',
      '2025.10.0',
      '2025.10.1',
      '2026.8.0',
    ];
    const order = (a: string, b: string) =>
      compareVersions(parseVersion(a)!, parseVersion(b)!);
    expect([...released].reverse().sort(order)).toEqual(released);
    expect(order('2026.8', '2026.8.0')).toBe(0);
    expect(order('2026.8.0-rc1', '2026.8.0-rc1')).toBe(0);
  });
});

describe('isAtLeast', () => {
  it.each([
    ['2025.10.0-rc1', false],
    ['2025.10.9', false],
    ['2025.12.0-rc1', true],
    ['2025.12.0', true],
    ['2026.2.1', true],
    ['main', true],
  ])('should know whether %s is of 2025.12 or later', (version, expected) => {
    expect(isAtLeast(version, '2025.12')).toBe(expected);
  });
});
