import { planApplication } from './planApplication';
import {
  emptyFacts,
  GOOD_APPLICATION,
  GOOD_PROVIDER,
  goodFacts,
} from './testing/goodFacts';
import {
  CONTEXT,
  EC_KEY,
  ED25519_KEY,
  EXPIRED_KEY,
  PUBLIC_KEY,
  REDIRECT_URI,
  RSA_KEY,
  SCOPE_MAPPINGS,
} from './testing/serverObjects';
import type { ApplicationSpec } from './types';

const SLUG_ONLY: ApplicationSpec = { slug: 'hoop' };

/** Every field that can be given, as the good pair has it. */
const FULL_SPEC: ApplicationSpec = {
  slug: 'hoop',
  name: 'Hoop',
  group: 'Access',
  policyEngineMode: 'any',
  launchUrl: 'https://hoop.company',
  icon: 'https://hoop.company/icon.png',
  publisher: 'Platform',
  description: 'Databases and servers',
  openInNewTab: true,
  hide: false,
  providerName: 'Provider for Hoop',
  authorizationFlow: 'default-provider-authorization-implicit-consent',
  invalidationFlow: 'default-provider-invalidation-flow',
  signingKey: RSA_KEY.name,
  accessCodeValidity: 'minutes=1',
  accessTokenValidity: 'hours=1',
  refreshTokenValidity: 'days=30',
  subMode: 'hashed_user_id',
  issuerMode: 'per_provider',
  logoutUri: '',
};

const STRICT = {
  matchingMode: 'strict',
  url: REDIRECT_URI,
  redirectUriType: 'authorization',
};

describe('planApplication', () => {
  describe('where nothing exists', () => {
    it('should plan a pair with the values of the guide', () => {
      const plan = planApplication(SLUG_ONLY, emptyFacts(), CONTEXT);
      expect(plan).toMatchObject({
        action: 'create',
        application: { name: 'hoop', slug: 'hoop' },
        bindings: [],
      });
      expect(plan.provider).toEqual({
        name: 'Provider for hoop',
        clientType: 'confidential',
        authorizationFlow:
          'flow-default-provider-authorization-implicit-consent',
        invalidationFlow: 'flow-default-provider-invalidation-flow',
        redirectUris: [STRICT],
        signingKey: RSA_KEY.pk,
        propertyMappings: ['map-openid', 'map-email', 'map-profile'],
        grantTypes: ['authorization_code', 'refresh_token'],
        issuerMode: 'per_provider',
        subMode: 'hashed_user_id',
        includeClaimsInIdToken: true,
      });
    });

    it('should take every field that is given', () => {
      const plan = planApplication(
        {
          ...FULL_SPEC,
          providerName: 'Own name',
          authorizationFlow: 'default-provider-authorization-explicit-consent',
          invalidationFlow: 'custom-invalidation',
          signingKey: EC_KEY.name,
          subMode: 'user_email',
          extraScopes: ['offline_access', 'openid'],
          logoutUri: 'https://hoop.company/logout',
        },
        emptyFacts(),
        CONTEXT,
      );
      const { pk, provider, providerModel, ...application } = GOOD_APPLICATION;
      expect(plan.application).toEqual(application);
      expect(plan.provider).toMatchObject({
        name: 'Own name',
        authorizationFlow:
          'flow-default-provider-authorization-explicit-consent',
        invalidationFlow: 'flow-custom-invalidation',
        signingKey: EC_KEY.pk,
        subMode: 'user_email',
        logoutUri: 'https://hoop.company/logout',
        propertyMappings: [
          'map-openid',
          'map-email',
          'map-profile',
          'map-offline_access',
        ],
      });
    });

    it('should say in words what it would do', () => {
      const { changes } = planApplication(
        { slug: 'hoop', name: 'Hoop', bindings: [{ group: 'admin' }] },
        emptyFacts({ wantedBindings: [{ group: 'group-admin' }] }),
        CONTEXT,
      );
      expect(changes).toEqual(
        expect.arrayContaining([
          {
            object: 'authentik application "hoop"',
            field: 'name',
            from: '(unset)',
            to: '"Hoop"',
          },
          {
            object: 'authentik provider "Provider for Hoop"',
            field: 'redirectUris',
            from: '(unset)',
            to: `["strict ${REDIRECT_URI}"]`,
          },
          {
            object: 'authentik provider "Provider for Hoop"',
            field: 'signingKey',
            from: '(unset)',
            to: `"${RSA_KEY.name}"`,
          },
          {
            object: 'authentik application "hoop"',
            field: 'binding group "admin"',
            from: '(none)',
            to: 'order 0, enabled',
          },
        ]),
      );
    });
  });

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

  it('should not send what an older server does not know', () => {
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

  it('should find nothing to do on a server that knows no grant types', () => {
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
  ])('should mend %s and nothing else', (_, edit, patch) => {
    const plan = planApplication(
      SLUG_ONLY,
      goodFacts({ provider: edit }),
      CONTEXT,
    );
    expect(plan.action).toBe('update');
    expect(plan.application).toEqual({});
    expect(plan.provider).toEqual(patch);
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

  it('should keep a usable key that nobody named, and prefer the configured one otherwise', () => {
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

  describe('where one of the two exists', () => {
    it('should join an application that has no provider', () => {
      const plan = planApplication(
        SLUG_ONLY,
        {
          ...goodFacts({
            application: { provider: undefined, providerModel: undefined },
          }),
          provider: undefined,
        },
        CONTEXT,
      );
      expect(plan.action).toBe('join');
      expect(plan.application).toEqual({});
      expect(plan.provider).toMatchObject({ name: 'Provider for hoop' });
      expect(plan.changes).toContainEqual({
        object: 'authentik application "hoop"',
        field: 'provider',
        from: '(unset)',
        to: '"Provider for hoop"',
      });
    });

    it('should join a provider that has no application', () => {
      const plan = planApplication(
        { slug: 'hoop', name: 'Hoop' },
        {
          ...goodFacts({ provider: { assignedApplicationSlug: undefined } }),
          application: undefined,
        },
        CONTEXT,
      );
      expect(plan).toMatchObject({
        action: 'join',
        application: { name: 'Hoop', slug: 'hoop' },
      });
      expect(plan.provider).toEqual({});
    });
  });

  describe('refusals', () => {
    it.each(['authorizationFlow', 'invalidationFlow'] as const)(
      'should list the flows there are for an unknown %s',
      field => {
        expect(() =>
          planApplication(
            { slug: 'hoop', [field]: 'nope' },
            goodFacts(),
            CONTEXT,
          ),
        ).toThrow(
          'authentik at https://auth.company has no flow called "nope". It knows "custom-invalidation", ' +
            '"default-provider-authorization-explicit-consent", "default-provider-authorization-implicit-consent", ' +
            '"default-provider-invalidation-flow". Create it there, or give the name of one that exists.',
        );
      },
    );

    it.each(['authorizationFlow', 'invalidationFlow'] as const)(
      'should not take an empty %s for one that is not given',
      field => {
        expect(() =>
          planApplication({ slug: 'hoop', [field]: '' }, emptyFacts(), CONTEXT),
        ).toThrow('has no flow called ""');
      },
    );

    it('should name a default flow that was deleted', () => {
      expect(() =>
        planApplication(SLUG_ONLY, emptyFacts({ flows: [] }), CONTEXT),
      ).toThrow(
        'no flow called "default-provider-authorization-implicit-consent". It knows none.',
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
        'no certificate with a private key called "nope". It knows "authentik Self-signed Certificate", "Dedicated EC".',
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

    it('should say so when no certificate can be used', () => {
      expect(() =>
        planApplication(
          SLUG_ONLY,
          emptyFacts({ keyPairs: [ED25519_KEY, EXPIRED_KEY, PUBLIC_KEY] }),
          CONTEXT,
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
        /no scope mapping for the scope called "entitlements"\. It knows "email", .*"profile"/,
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
      ).toThrow('scope called "profile"');
    });

    it('should cut a long list short', () => {
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
});
