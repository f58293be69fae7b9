import { planApplication } from './planApplication';
import { emptyFacts, goodFacts } from './__testUtils__/goodFacts';
import {
  CONTEXT,
  ED25519_KEY,
  EXPIRED_KEY,
  PUBLIC_KEY,
  SCOPE_MAPPINGS,
} from './__testUtils__/serverObjects';
import { SLUG_ONLY } from './__testUtils__/specs';

describe('what planApplication refuses', () => {
  it.each(['authorizationFlow', 'invalidationFlow'] as const)(
    'should list the existing flows for an unknown %s',
    field => {
      expect(() =>
        planApplication(
          { slug: 'hoop', [field]: 'nope' },
          goodFacts(),
          CONTEXT,
        ),
      ).toThrow(
        'authentik at https://auth.company has no flow named "nope"; it has "custom-invalidation", ' +
          '"default-provider-authorization-explicit-consent", "default-provider-authorization-implicit-consent", ' +
          '"default-provider-invalidation-flow". Create it there, or give the name of an existing one.',
      );
    },
  );

  it.each(['authorizationFlow', 'invalidationFlow'] as const)(
    'should not treat an empty %s as omitted',
    field => {
      expect(() =>
        planApplication({ slug: 'hoop', [field]: '' }, emptyFacts(), CONTEXT),
      ).toThrow('has no flow named ""');
    },
  );

  it('should name a default flow that was deleted', () => {
    expect(() =>
      planApplication(SLUG_ONLY, emptyFacts({ flows: [] }), CONTEXT),
    ).toThrow(
      'no flow named "default-provider-authorization-implicit-consent"; it has none.',
    );
  });

  it('should list the usable certificates for an unknown one', () => {
    expect(() =>
      planApplication(
        { slug: 'hoop', signingKey: 'nope' },
        goodFacts(),
        CONTEXT,
      ),
    ).toThrow(
      'no certificate with a private key named "nope"; it has "authentik Self-signed Certificate", "Dedicated EC".',
    );
  });

  it.each([
    [ED25519_KEY, 'its key is ed25519'],
    [EXPIRED_KEY, 'it expired on 2026-04-30'],
    [PUBLIC_KEY, 'it has no private key'],
  ])('should refuse the certificate $name', (key, why) => {
    expect(() =>
      planApplication(
        { slug: 'hoop', signingKey: key.name },
        goodFacts(),
        CONTEXT,
      ),
    ).toThrow(
      `The authentik certificate "${key.name}" cannot sign tokens: ${why}`,
    );
  });

  it('should refuse when no certificate can be used', () => {
    expect(() =>
      planApplication(
        SLUG_ONLY,
        emptyFacts({ keyPairs: [ED25519_KEY, EXPIRED_KEY, PUBLIC_KEY] }),
        { ...CONTEXT, preferredSigningKey: EXPIRED_KEY.name },
      ),
    ).toThrow(
      'authentik at https://auth.company has no certificate that can sign tokens',
    );
  });

  it('should list the scopes for one that has no mapping', () => {
    expect(() =>
      planApplication(
        { slug: 'hoop', extraScopes: ['entitlements'] },
        goodFacts(),
        CONTEXT,
      ),
    ).toThrow(
      /no scope mapping for the scope named "entitlements"; it has "email", .*"profile"/,
    );
  });

  it('should name a required scope whose mapping was deleted', () => {
    expect(() =>
      planApplication(
        SLUG_ONLY,
        emptyFacts({
          scopeMappings: SCOPE_MAPPINGS.filter(
            ({ scopeName }) => scopeName !== 'profile',
          ),
        }),
        CONTEXT,
      ),
    ).toThrow('scope named "profile"');
  });

  it('should shorten a long list', () => {
    const flows = Array.from({ length: 23 }, (_, index) => ({
      pk: `${index}`,
      slug: `flow-${String(index).padStart(2, '0')}`,
      name: '',
      designation: 'authorization',
    }));
    expect(() =>
      planApplication(SLUG_ONLY, emptyFacts({ flows }), CONTEXT),
    ).toThrow(/"flow-19" and 3 more\./);
  });
});
