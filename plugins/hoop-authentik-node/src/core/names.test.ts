import { isObjectName, isSlug } from './names';

describe('isSlug', () => {
  it.each(['hoop', 'Hoop_2', '-', 'a'.repeat(200)])(
    'should accept "%s"',
    slug => {
      expect(isSlug(slug)).toBe(true);
    },
  );

  it.each(['', 'no slug', '../hoop', 'hoop.dev', 'hoop\n'])(
    'should refuse %j',
    slug => {
      expect(isSlug(slug)).toBe(false);
    },
  );
});

describe('isObjectName', () => {
  it.each(['hoop', 'hoop-idp', 'a.b-c.d', '0', 'a'.repeat(253)])(
    'should accept "%s"',
    name => {
      expect(isObjectName(name)).toBe(true);
    },
  );

  it.each([
    '',
    'Hoop',
    '-hoop',
    'hoop-',
    'a..b',
    'a/b',
    'a\n',
    'a'.repeat(254),
  ])('should refuse %j', name => {
    expect(isObjectName(name)).toBe(false);
  });
});
