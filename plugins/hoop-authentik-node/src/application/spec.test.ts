import { validSpec } from './spec';

describe('validSpec', () => {
  it.each(['hoop', 'Hoop_2-prod', 'a', 'x'.repeat(50), 'tokens'])(
    'should accept the slug %s',
    slug => {
      expect(() => validSpec({ slug })).not.toThrow();
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
    expect(() => validSpec({ slug })).toThrow(
      `The application slug must be 1 to 50 letters, digits, "-" and "_"; found ${JSON.stringify(
        slug,
      )}.`,
    );
  });

  it.each(['authorize', 'token', 'device', 'userinfo', 'introspect', 'revoke'])(
    'should refuse the slug %s of an endpoint',
    slug => {
      expect(() => validSpec({ slug })).toThrow(
        `authentik reserves the application slug "${slug}" for one of its endpoints. Choose another slug.`,
      );
    },
  );

  it('should refuse an empty name', () => {
    expect(() => validSpec({ slug: 'hoop', name: '  ' })).toThrow(
      'The application name must not be empty.',
    );
  });

  it.each([
    ['name', { name: 'Ho\0op' }],
    ['providerName', { providerName: '\0' }],
    ['signingKey', { signingKey: 'a\0' }],
    ['bindings.1.group', { bindings: [{ user: 'a' }, { group: 'ad\0min' }] }],
    ['extraScopes.0', { extraScopes: ['offline\0access'] }],
  ])('should refuse a null character, naming %s', (field, given) => {
    expect(() => validSpec({ slug: 'hoop', ...given })).toThrow(
      `${field} must not contain null characters`,
    );
  });

  it('should accept a text that only spells a null character', () => {
    const name = 'Ho\\u0000op';
    expect(validSpec({ slug: 'hoop', name }).name).toBe(name);
  });

  it('should refuse a repeated binding', () => {
    expect(() =>
      validSpec({
        slug: 'hoop',
        bindings: [
          { group: 'admin', order: 1 },
          { user: 'admin' },
          { group: 'admin', order: 2 },
        ],
      }),
    ).toThrow(
      'Binding 3 names the same group, user or policy as binding 1. List each only once.',
    );
  });

  it('should accept a group, a user and a policy of the same name', () => {
    const bindings = [{ group: 'a' }, { user: 'a' }, { policy: 'a' }];
    expect(() => validSpec({ slug: 'hoop', bindings })).not.toThrow();
  });

  it('should return texts as authentik stores them', () => {
    expect(
      validSpec({
        slug: 'hoop',
        name: ' Hoop.dev ',
        description: 'Databases\nand servers\n',
        hide: false,
        bindings: [{ group: ' admin' }],
      }),
    ).toEqual({
      slug: 'hoop',
      name: 'Hoop.dev',
      description: 'Databases\nand servers',
      hide: false,
      // A group is looked up by the given name.
      bindings: [{ group: ' admin' }],
    });
  });
});
