import { planApplication } from './planApplication';
import {
  emptyFacts,
  GOOD_APPLICATION,
  goodFacts,
} from './__testUtils__/goodFacts';
import { CONTEXT, EC_KEY, REDIRECT_URI } from './__testUtils__/serverObjects';
import { FULL_SPEC, SLUG_ONLY, STRICT } from './__testUtils__/specs';

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

    it('should describe the changes', () => {
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
            to: `["strict ${REDIRECT_URI} (type authorization)"]`,
          },
          {
            object: 'authentik provider "Provider for Hoop"',
            field: 'signingKey',
            from: '(unset)',
            to: 'a new certificate of its own',
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
});
