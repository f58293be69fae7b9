import { validateSpec } from './validateSpec';

describe('validateSpec', () => {
  it.each(['hoop', 'Hoop_2-prod', 'a', 'x'.repeat(50), 'tokens'])(
    'should accept the slug %s',
    slug => {
      expect(() => validateSpec({ slug })).not.toThrow();
    },
  );

  it.each([
    ['', 'an empty one'],
    ['ho op', 'a space'],
    ['höop', 'a letter outside of ASCII'],
    ['a/b', 'a slash'],
    ['hoop\n', 'a line feed'],
    ['x'.repeat(51), 'more than 50 characters'],
  ])('should refuse the slug %j: %s', slug => {
    expect(() => validateSpec({ slug })).toThrow(
      `The application slug must be 1 to 50 letters, digits, "-" and "_"; found "${slug}".`,
    );
  });

  it.each(['authorize', 'token', 'device', 'userinfo', 'introspect', 'revoke'])(
    'should refuse the slug %s of an endpoint',
    slug => {
      expect(() => validateSpec({ slug })).toThrow(
        `"${slug}" is reserved by authentik`,
      );
    },
  );

  it('should refuse an empty name', () => {
    expect(() => validateSpec({ slug: 'hoop', name: '  ' })).toThrow(
      'The application name must not be empty.',
    );
  });

  it('should refuse a binding that is given twice', () => {
    expect(() =>
      validateSpec({
        slug: 'hoop',
        bindings: [
          { group: 'admin', order: 1 },
          { user: 'admin' },
          { group: 'admin', order: 2 },
        ],
      }),
    ).toThrow(
      'Binding 3 names the same group, user or policy as binding 1; expected each at most once.',
    );
  });

  it('should accept a group, a user and a policy of the same name', () => {
    const bindings = [{ group: 'a' }, { user: 'a' }, { policy: 'a' }];
    expect(() => validateSpec({ slug: 'hoop', bindings })).not.toThrow();
  });
});
