import { planApplication } from './planApplication';
import { goodFacts } from './__testUtils__/goodFacts';
import { CONTEXT } from './__testUtils__/serverObjects';
import { SLUG_ONLY, STRICT } from './__testUtils__/specs';

describe('redirect URIs in a plan', () => {
  it.each([
    [
      { ...STRICT, redirectUriType: 'logout' as const },
      'strict https://hoop.company/api/callback (type logout)',
    ],
    [
      { ...STRICT, matchingMode: 'regex' as const },
      'regex https://hoop.company/api/callback (type authorization)',
    ],
    [
      { ...STRICT, url: 'https://HOOP.company/api/callback' },
      'strict https://HOOP.company/api/callback (type authorization)',
    ],
  ])('should name their type: %j', (found, shown) => {
    const { changes } = planApplication(
      SLUG_ONLY,
      goodFacts({ provider: { redirectUris: [found] } }),
      CONTEXT,
    );
    expect(changes).toMatchObject([
      {
        field: 'redirectUris',
        from: `["${shown}"]`,
        to: `["${shown}", "strict https://hoop.company/api/callback (type authorization)"]`,
      },
    ]);
  });
});

describe('scopes of a gateway in a plan', () => {
  const scopesFor = (extraScopes: string[]) =>
    planApplication(SLUG_ONLY, goodFacts(), { ...CONTEXT, extraScopes })
      .changes;

  it.each([[['offline_access']], [['openid', 'offline_access']]])(
    'should be mapped beside the required ones: %j',
    extraScopes => {
      expect(scopesFor(extraScopes)).toMatchObject([
        {
          field: 'propertyMappings',
          to: expect.stringContaining('offline_access'),
        },
      ]);
    },
  );

  it('should leave nothing to do where they are mapped', () => {
    expect(scopesFor(['openid', 'email'])).toEqual([]);
  });

  it('should be refused where no mapping exists', () => {
    expect(() => scopesFor(['no-such-scope'])).toThrow('no-such-scope');
  });
});
