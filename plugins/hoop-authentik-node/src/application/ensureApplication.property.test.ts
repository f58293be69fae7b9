import fc from 'fast-check';
import { ensureApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import {
  CONTEXT,
  EC_KEY,
  ED25519_KEY,
  RSA_KEY,
} from './__testUtils__/serverObjects';
import type { ApplicationSpec, BindingSpec } from './spec';

const text = fc.string({ minLength: 1, maxLength: 12 });
const name = text.filter(value => value.trim() !== '');

const subject: fc.Arbitrary<BindingSpec> = fc.constantFrom(
  { group: 'admin' },
  { group: 'developers' },
  { user: 'jane' },
  { policy: 'office-hours' },
);
const options: fc.Arbitrary<BindingSpec> = fc.record(
  {
    order: fc.integer({ min: 0, max: 9 }),
    negate: fc.boolean(),
    enabled: fc.boolean(),
    timeout: fc.integer({ min: 1, max: 99 }),
    failureResult: fc.boolean(),
  },
  { requiredKeys: [] },
);
const bindings = fc.uniqueArray(
  fc.tuple(subject, options).map(([who, how]) => ({ ...who, ...how })),
  { selector: ({ group, user, policy }) => group ?? user ?? policy },
);

const specs: fc.Arbitrary<ApplicationSpec> = fc.record(
  {
    slug: fc.constant('hoop'),
    name,
    group: text,
    policyEngineMode: fc.constantFrom('any' as const, 'all' as const),
    launchUrl: fc.webUrl(),
    icon: fc.webUrl(),
    publisher: text,
    description: text,
    openInNewTab: fc.boolean(),
    providerName: name,
    authorizationFlow: fc.constantFrom(
      'default-provider-authorization-implicit-consent',
      'default-provider-authorization-explicit-consent',
    ),
    invalidationFlow: fc.constantFrom(
      'default-provider-invalidation-flow',
      'custom-invalidation',
    ),
    signingKey: fc.constantFrom(RSA_KEY.name, EC_KEY.name),
    accessTokenValidity: fc.constantFrom('hours=1', 'minutes=5'),
    subMode: fc.constantFrom('hashed_user_id', 'user_email'),
    extraScopes: fc.subarray(['offline_access', 'email']),
    logoutUri: fc.webUrl(),
    bindings,
    bindingsMode: fc.constantFrom(
      'additive' as const,
      'authoritative' as const,
    ),
  },
  { requiredKeys: ['slug'] },
);

const versions = fc.constantFrom('2026.8.0', '2025.10.0');

/** External edits of the objects, with the spec that manages the edited field (any, where none is named). */
const EDITS: Array<{
  what: string;
  spec?: ApplicationSpec;
  edit(client: FakeAuthentikClient): void;
}> = [
  ...(
    [
      ['clientType', 'public'],
      ['issuerMode', 'global'],
      ['includeClaimsInIdToken', false],
      ['signingKey', undefined],
      ['signingKey', ED25519_KEY.pk],
      ['encryptionKey', RSA_KEY.pk],
      ['redirectUris', []],
      ['propertyMappings', []],
      ['propertyMappings', ['map-openid', 'map-email']],
      ['grantTypes', []],
      ['grantTypes', ['refresh_token']],
    ] as const
  ).map(([field, value]) => ({
    what: `${field} ${JSON.stringify(value)}`,
    edit: ({ providers: [provider] }: FakeAuthentikClient) => {
      Object.assign(provider, { [field]: value });
    },
  })),
  {
    what: 'detached',
    edit: client => {
      client.applications[0].provider = undefined;
      client.applications[0].providerModel = undefined;
      client.providers[0].assignedApplicationSlug = undefined;
    },
  },
  ...(
    [
      ['name', { name: 'Wanted' }],
      ['group', { group: 'Wanted' }],
      ['policyEngineMode', { policyEngineMode: 'all' }],
      ['metaLaunchUrl', { launchUrl: 'https://wanted' }],
      ['metaIcon', { icon: 'https://wanted/icon.png' }],
      ['metaPublisher', { publisher: 'Wanted' }],
      ['metaDescription', { description: 'Wanted' }],
    ] as const
  ).map(([field, given]) => ({
    what: `application ${field}`,
    spec: { slug: 'hoop', providerName: 'The provider', ...given },
    edit: ({ applications: [application] }: FakeAuthentikClient) => {
      Object.assign(application, { [field]: 'edited' });
    },
  })),
  {
    what: 'binding disabled',
    spec: { slug: 'hoop', bindings: [{ group: 'admin' }] },
    edit: client => {
      client.bindings[0].enabled = false;
    },
  },
  {
    what: 'binding negated',
    spec: { slug: 'hoop', bindings: [{ group: 'admin' }] },
    edit: client => {
      client.bindings[0].negate = true;
    },
  },
  {
    what: 'binding added where the list is authoritative',
    spec: {
      slug: 'hoop',
      bindings: [{ group: 'admin' }],
      bindingsMode: 'authoritative',
    },
    edit: client => {
      client.addBinding(client.applications[0].pk, { user: 7, order: 3 });
    },
  },
];

/** What an operator may add or rearrange. */
const OWN_CHANGES: Array<(client: FakeAuthentikClient) => void> = [
  ({ providers: [provider] }) => provider.redirectUris.reverse(),
  ({ providers: [provider] }) => provider.propertyMappings.reverse(),
  ({ providers: [provider] }) => provider.grantTypes?.reverse(),
  ({ providers: [provider] }) => provider.propertyMappings.unshift('map-own'),
  ({ providers: [provider] }) => provider.grantTypes?.unshift('password'),
  ({ providers: [provider] }) =>
    provider.redirectUris.unshift({
      matchingMode: 'strict',
      url: 'https://hoop.company/callback',
      redirectUriType: 'authorization',
    }),
  ({ providers: [provider] }) => {
    provider.accessCodeValidity = 'minutes=3';
  },
  ({ applications: [application] }) => {
    application.metaHide = true;
  },
];

/** Another certificate signs where the present one cannot, and no new one that differs every time. */
const CONFIGURED = { ...CONTEXT, preferredSigningKey: RSA_KEY.name };

describe('ensureApplication, for any spec', () => {
  it('should write nothing in a second run', async () => {
    await fc.assert(
      fc.asyncProperty(specs, versions, async (spec, version) => {
        const client = new FakeAuthentikClient();
        client.version = version;
        const first = await ensureApplication(client, spec, CONTEXT);
        const before = client.contents();
        client.writes.length = 0;

        const second = await ensureApplication(client, spec, CONTEXT);

        expect(first.writes).toBeGreaterThan(0);
        expect(second.writes).toBe(0);
        expect(second.plan.changes).toEqual([]);
        expect(client.writes).toEqual([]);
        expect(client.contents()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('should converge from any other spec', async () => {
    await fc.assert(
      fc.asyncProperty(specs, specs, async (before, after) => {
        const client = new FakeAuthentikClient();
        await ensureApplication(client, before, CONTEXT);
        await ensureApplication(client, after, CONTEXT);
        const again = await ensureApplication(client, after, CONTEXT);
        expect(again.writes).toBe(0);
        expect(client.applications).toHaveLength(1);
        expect(client.providers).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it.each(EDITS)(
    'should restore exactly what was edited: $what',
    async ({ spec, edit }) => {
      await fc.assert(
        fc.asyncProperty(specs, async random => {
          const client = new FakeAuthentikClient();
          // A provider that was taken off is found again by its name.
          const wanted = spec ?? { providerName: 'The provider', ...random };
          await ensureApplication(client, wanted, CONFIGURED);
          const before = client.contents();

          edit(client);
          expect(client.contents()).not.toEqual(before);
          const { writes } = await ensureApplication(
            client,
            wanted,
            CONFIGURED,
          );

          expect(client.contents()).toEqual(before);
          expect(writes).toBe(1);
          const again = await ensureApplication(client, wanted, CONFIGURED);
          expect(again.writes).toBe(0);
        }),
        { numRuns: spec ? 1 : 8 },
      );
    },
  );

  it('should not change fields that the spec omits, nor the order of lists', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(OWN_CHANGES, { minLength: 1 }),
        async changes => {
          const client = new FakeAuthentikClient();
          await ensureApplication(client, { slug: 'hoop' }, CONTEXT);
          changes.forEach(change => change(client));
          const before = client.contents();
          const { writes } = await ensureApplication(
            client,
            { slug: 'hoop' },
            CONTEXT,
          );
          expect(writes).toBe(0);
          expect(client.contents()).toEqual(before);
        },
      ),
      { numRuns: 30 },
    );
  });
});
