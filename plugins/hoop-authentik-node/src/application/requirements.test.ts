import {
  adminUrlOf,
  isStrictRedirectUri,
  issuerOf,
  keyPairObjection,
  redirectUriOf,
} from './requirements';
import {
  EC_KEY,
  ED25519_KEY,
  EXPIRED_KEY,
  NOW,
  PUBLIC_KEY,
  REDIRECT_URI,
  RSA_KEY,
} from './__testUtils__/serverObjects';

describe('redirectUriOf', () => {
  it.each([
    ['https://hoop.company', 'https://hoop.company/api/callback'],
    ['https://hoop.company:443', 'https://hoop.company:443/api/callback'],
    ['http://localhost:8009', 'http://localhost:8009/api/callback'],
    ['https://hoop.company/sub', 'https://hoop.company/api/callback'],
  ])('should lead from %s to %s', (url, expected) => {
    expect(redirectUriOf(url)).toBe(expected);
  });
});

describe('issuerOf', () => {
  it('should end with a slash', () => {
    expect(issuerOf('https://auth.company', 'hoop')).toBe(
      'https://auth.company/application/o/hoop/',
    );
  });
});

describe('adminUrlOf', () => {
  it('should lead to the page of the application', () => {
    expect(adminUrlOf('https://auth.company', 'hoop')).toBe(
      'https://auth.company/if/admin/#/core/applications/hoop',
    );
  });
});

describe('isStrictRedirectUri', () => {
  const good = {
    matchingMode: 'strict',
    url: REDIRECT_URI,
    redirectUriType: 'authorization',
  };

  it('should accept the exact one', () => {
    expect(isStrictRedirectUri(good, REDIRECT_URI)).toBe(true);
  });

  it.each([
    ['a pattern', { matchingMode: 'regex' }],
    ['another URL', { url: `${REDIRECT_URI}/` }],
    ['one for signing out', { redirectUriType: 'logout' }],
  ])('should not accept %s', (_, change) => {
    expect(isStrictRedirectUri({ ...good, ...change }, REDIRECT_URI)).toBe(
      false,
    );
  });
});

describe('keyPairObjection', () => {
  it.each([
    ['an RSA key', RSA_KEY],
    ['an EC key', EC_KEY],
    ['a key of unknown type', { ...RSA_KEY, keyType: undefined }],
    ['a certificate without an end', { ...RSA_KEY, expiry: undefined }],
  ])('should have nothing against %s', (_, keyPair) => {
    expect(keyPairObjection(keyPair, NOW)).toBeUndefined();
  });

  it.each([
    [PUBLIC_KEY, 'it has no private key'],
    [ED25519_KEY, 'its key is ed25519, and only RSA and EC keys can be used'],
    [EXPIRED_KEY, 'it expired on 2026-04-30'],
    [{ ...RSA_KEY, expiry: NOW.toISOString() }, 'it expired on 2026-05-01'],
  ])('should object to $name: %s', (keyPair, objection) => {
    expect(keyPairObjection(keyPair, NOW)).toBe(objection);
  });
});
