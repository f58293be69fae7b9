import { planApplication } from './planApplication';
import {
  emptyFacts,
  GOOD_APPLICATION,
  GOOD_PROVIDER,
  goodFacts,
} from './__testUtils__/goodFacts';
import {
  CONTEXT,
  EC_KEY,
  ED25519_KEY,
  EXPIRED_KEY,
  PUBLIC_KEY,
  REDIRECT_URI,
  RSA_KEY,
} from './__testUtils__/serverObjects';
import { FULL_SPEC, SLUG_ONLY, STRICT } from './__testUtils__/specs';

describe('planApplication for a pair that exists', () => {
  it.each([
    ['the slug alone', SLUG_ONLY],
    ['every field', FULL_SPEC],
  ])('should find nothing to do when %s is given', (_, spec) => {
    expect(planApplication(spec, goodFacts(), CONTEXT)).toEqual({
      action: 'unchanged',
      changes: [],
      application: {},
      provider: {},
      bindings: [],
      notes: [],
    });
  });

  it('should not send fields that an older server does not have', () => {
    const facts = goodFacts({
      application: { metaHide: undefined },
      provider: { logoutUri: undefined },
    });
    const spec = {
      ...SLUG_ONLY,
      hide: true,
      logoutUri: 'https://hoop.company/logout',
    };
    expect(planApplication(spec, facts, CONTEXT).action).toBe('unchanged');
  });

  it('should plan nothing on a server without grant types', () => {
    const facts = goodFacts({
      application: { metaHide: undefined },
      provider: { grantTypes: undefined, logoutMethod: undefined },
    });
    expect(planApplication(SLUG_ONLY, facts, CONTEXT).action).toBe('unchanged');
  });

  it.each([
    ['name', { name: 'Other' }],
    ['group', { group: '' }],
    ['policyEngineMode', { policyEngineMode: 'all' }],
    ['metaLaunchUrl', { metaLaunchUrl: 'https://elsewhere' }],
    ['metaIcon', { metaIcon: '' }],
    ['metaPublisher', { metaPublisher: 'Other' }],
    ['metaDescription', { metaDescription: '' }],
    ['openInNewTab', { openInNewTab: false }],
    ['metaHide', { metaHide: true }],
  ] as const)(
    'should restore %s of the application where it is given',
    (field, edit) => {
      const facts = goodFacts({ application: edit });
      expect(planApplication(FULL_SPEC, facts, CONTEXT)).toMatchObject({
        action: 'update',
        application: { [field]: GOOD_APPLICATION[field] },
        provider: {},
        changes: [{ object: 'authentik application "hoop"', field }],
      });
      expect(planApplication(SLUG_ONLY, facts, CONTEXT).action).toBe(
        'unchanged',
      );
    },
  );

  it.each([
    ['name', { name: 'Other' }],
    ['authorizationFlow', { authorizationFlow: 'flow-custom-invalidation' }],
    ['invalidationFlow', { invalidationFlow: 'flow-custom-invalidation' }],
    ['accessCodeValidity', { accessCodeValidity: 'minutes=9' }],
    ['accessTokenValidity', { accessTokenValidity: 'hours=9' }],
    ['refreshTokenValidity', { refreshTokenValidity: 'days=9' }],
    ['subMode', { subMode: 'user_email' }],
    ['logoutUri', { logoutUri: 'https://elsewhere' }],
    ['signingKey', { signingKey: EC_KEY.pk }],
  ] as const)(
    'should restore %s of the provider where it is given',
    (field, edit) => {
      const facts = goodFacts({ provider: edit });
      const plan = planApplication(FULL_SPEC, facts, CONTEXT);
      expect(plan.action).toBe('update');
      expect(plan.application).toEqual({});
      expect(plan.provider).toEqual({ [field]: GOOD_PROVIDER[field] });
      expect(plan.changes).toHaveLength(1);
      expect(planApplication(SLUG_ONLY, facts, CONTEXT).action).toBe(
        'unchanged',
      );
    },
  );

  it.each([
    [
      'a public client',
      { clientType: 'public' },
      { clientType: 'confidential' },
    ],
    [
      'another issuer mode',
      { issuerMode: 'global' },
      { issuerMode: 'per_provider' },
    ],
    [
      'claims left out of the id_token',
      { includeClaimsInIdToken: false },
      { includeClaimsInIdToken: true },
    ],
    ['no signing key', { signingKey: undefined }, { signingKey: RSA_KEY.pk }],
    [
      'an Ed25519 signing key',
      { signingKey: ED25519_KEY.pk },
      { signingKey: RSA_KEY.pk },
    ],
    [
      'an expired signing key',
      { signingKey: EXPIRED_KEY.pk },
      { signingKey: RSA_KEY.pk },
    ],
    [
      'a signing key without a private part',
      { signingKey: PUBLIC_KEY.pk },
      { signingKey: RSA_KEY.pk },
    ],
    [
      'a signing key that is not there any more',
      { signingKey: 'key-gone' },
      { signingKey: RSA_KEY.pk },
    ],
    [
      'an encryption key',
      { encryptionKey: RSA_KEY.pk },
      { encryptionKey: null },
    ],
    ['no redirect URI', { redirectUris: [] }, { redirectUris: [STRICT] }],
    [
      'no grant types',
      { grantTypes: [] },
      { grantTypes: ['authorization_code', 'refresh_token'] },
    ],
    [
      'one grant type missing',
      { grantTypes: ['client_credentials', 'refresh_token'] },
      {
        grantTypes: [
          'client_credentials',
          'refresh_token',
          'authorization_code',
        ],
      },
    ],
    [
      'a mapping missing',
      { propertyMappings: ['map-email', 'map-own', 'map-openid'] },
      {
        propertyMappings: ['map-email', 'map-own', 'map-openid', 'map-profile'],
      },
    ],
  ])('should fix %s and nothing else', (_, edit, patch) => {
    const plan = planApplication(
      SLUG_ONLY,
      goodFacts({ provider: edit }),
      CONTEXT,
    );
    expect(plan.action).toBe('update');
    expect(plan.application).toEqual({});
    const { newKey } = plan;
    // A certificate that cannot be used is replaced by a new one, or by another where the token may not make any.
    expect({
      ...plan.provider,
      ...(newKey ? { signingKey: newKey.instead?.pk } : {}),
    }).toEqual(patch);
  });

  it.each([
    ['a pattern', { ...STRICT, matchingMode: 'regex' }],
    ['another URL', { ...STRICT, url: `${REDIRECT_URI}/` }],
    ['one for signing out', { ...STRICT, redirectUriType: 'logout' }],
  ])('should add the redirect URI beside %s', (_, other) => {
    const { provider } = planApplication(
      SLUG_ONLY,
      goodFacts({ provider: { redirectUris: [other] } }),
      CONTEXT,
    );
    expect(provider).toEqual({ redirectUris: [other, STRICT] });
  });

  it('should keep what the operator added, in any order', () => {
    const other = { ...STRICT, url: 'http://localhost:3000/callback' };
    const facts = goodFacts({
      provider: {
        redirectUris: [other, STRICT],
        propertyMappings: ['map-own', 'map-email', 'map-profile', 'map-openid'],
        grantTypes: [
          'client_credentials',
          'refresh_token',
          'authorization_code',
        ],
      },
    });
    expect(planApplication(FULL_SPEC, facts, CONTEXT).action).toBe('unchanged');
  });

  it('should accept another mapping of a required scope', () => {
    const facts = goodFacts({
      provider: {
        propertyMappings: ['map-openid-custom', 'map-email', 'map-profile'],
      },
    });
    expect(planApplication(SLUG_ONLY, facts, CONTEXT).action).toBe('unchanged');
  });

  it('should keep a usable key, and otherwise prefer the configured one', () => {
    const context = { ...CONTEXT, preferredSigningKey: EC_KEY.name };
    expect(planApplication(SLUG_ONLY, goodFacts(), context).action).toBe(
      'unchanged',
    );
    expect(
      planApplication(SLUG_ONLY, emptyFacts(), context).provider.signingKey,
    ).toBe(EC_KEY.pk);
    expect(
      planApplication(SLUG_ONLY, emptyFacts(), {
        ...CONTEXT,
        preferredSigningKey: EXPIRED_KEY.name,
      }).provider.signingKey,
    ).toBe(RSA_KEY.pk);
  });
});
