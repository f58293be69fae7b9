import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
  createHoopEnvFilePatchAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayRotateSecretAction,
  createHoopHelmValuesPatchAction,
} from './actions';
import { ENTITY_WITH_APPLICATION_REF } from './__testUtils__/entities';
import type { ActionRun, AnyInput } from './__testUtils__/runAction';
import { startInterceptor } from './__testUtils__/startInterceptor';
import { callAuthentik, readSystemState } from './__testUtils__/systemState';
import {
  useSandbox,
  type CreateAction,
  type SandboxFixture,
} from './__testUtils__/useSandbox';

const OAUTH2 = 'authentik_providers_oauth2.oauth2provider';

/** That of the annotation. */
const SLUG = 'team-hoop';
const PAYROLL = 'https://payroll.company/callback';

type Sandbox = SandboxFixture['sandbox'];
type Uris = Array<{ matching_mode: string; url: string }>;

const strict = (...urls: string[]): Uris =>
  urls.map(url => ({ matching_mode: 'strict', url }));

async function flowsOf(sandbox: Sandbox) {
  const { results } = await callAuthentik(sandbox, 'GET', '/flows/instances/');
  const pkOf = (slug: string) =>
    results.find((flow: { slug: string }) => flow.slug === slug).pk;
  return {
    authorization_flow: pkOf('default-provider-authorization-implicit-consent'),
    invalidation_flow: pkOf('default-provider-invalidation-flow'),
  };
}

async function addProvider(sandbox: Sandbox, name: string, uris: Uris) {
  return callAuthentik(sandbox, 'POST', '/providers/oauth2/', {
    name,
    ...(await flowsOf(sandbox)),
    redirect_uris: uris,
    grant_types: ['authorization_code'],
  });
}

async function addApplication(sandbox: Sandbox, provider?: number) {
  await callAuthentik(sandbox, 'POST', '/core/applications/', {
    name: 'Payroll',
    slug: SLUG,
    provider,
  });
}

/** An application with an OAuth2 provider. */
const pairWith =
  (urls: (sandbox: Sandbox) => string[]) => async (sandbox: Sandbox) => {
    const { pk } = await addProvider(
      sandbox,
      'Payroll',
      strict(...urls(sandbox)),
    );
    await addApplication(sandbox, pk);
  };

const callbackOf = ({ gateway }: Sandbox) => `${gateway.url}/api/callback`;

const BY_INPUT = { gateway: 'main', application: SLUG };
const BY_ANNOTATION = { entityRef: ENTITY_WITH_APPLICATION_REF };

/** What other systems have in authentik, and what a refusal of `authentik:application:ensure` says of it. */
const OBJECTS: Array<{
  what: string;
  make(sandbox: Sandbox, fixture: SandboxFixture): Promise<void>;
  refusal: string | RegExp;
  /** No application has the slug, so there is nothing to delete. */
  nothingToDelete?: boolean;
  /** But for its owner the gateway could sign people in with it. */
  usable?: boolean;
  /** Shown instead of the type of the provider. */
  type?: string;
}> = [
  {
    what: 'an unassigned OAuth provider',
    async make(sandbox) {
      await addProvider(sandbox, 'Payroll', strict(PAYROLL));
      await addProvider(sandbox, `Provider for ${SLUG}`, strict(PAYROLL));
    },
    refusal:
      /The authentik provider "(?:Payroll|Provider for team-hoop)" on .* leads to "payroll\.company"/,
    nothingToDelete: true,
  },
  {
    what: 'an unassigned OAuth provider that leads to the gateway too',
    async make(sandbox) {
      const uris = strict(callbackOf(sandbox), PAYROLL);
      await addProvider(sandbox, 'Payroll', uris);
      await addProvider(sandbox, `Provider for ${SLUG}`, uris);
    },
    refusal: 'leads to "payroll.company"',
    nothingToDelete: true,
  },
  {
    what: 'an application without a provider',
    make: sandbox => addApplication(sandbox),
    refusal: 'it has no provider, so nothing shows whose it is',
  },
  {
    what: 'an application with an OAuth provider',
    make: pairWith(() => [PAYROLL]),
    refusal: 'its provider "Payroll" leads to "payroll.company"',
  },
  {
    what: 'an application with an OAuth provider that leads nowhere yet',
    make: pairWith(() => []),
    refusal: 'its provider "Payroll" does not lead to',
  },
  {
    what: 'an application that a gateway could use, which leads to another system too',
    async make(sandbox, { succeed }) {
      const { outputs } = await succeed(
        createAuthentikApplicationEnsureAction,
        { ...BY_INPUT, bindings: [{ group: 'engineering' }] },
      );
      await callAuthentik(
        sandbox,
        'PATCH',
        `/providers/oauth2/${outputs.providerId}/`,
        { redirect_uris: strict(callbackOf(sandbox), PAYROLL) },
      );
    },
    refusal: 'its provider "Provider for team-hoop" leads to "payroll.company"',
    usable: true,
  },
  ...['saml.samlprovider', 'proxy.proxyprovider'].map(type => ({
    what: `an application with a provider of type ${type}`,
    make: pairWith(sandbox => [callbackOf(sandbox)]),
    type: `authentik_providers_${type}`,
    refusal: `has a provider of type authentik_providers_${type}`,
  })),
];

describe('what belongs to another system', () => {
  const fixture = useSandbox();

  it.each(OBJECTS)(
    'should not be touched by any action, whatever names it: $what',
    async ({ make, refusal, nothingToDelete, type, usable }) => {
      await make(fixture.sandbox, fixture);
      const before = await readSystemState(fixture.sandbox);
      const writesSince = await fixture.watchWrites();
      // The stand-in makes no other types: on the way, the provider is made to look like one.
      const disguise = await startInterceptor({
        url: fixture.sandbox.authentik.url,
        rewrite: text => (type ? text.replaceAll(OAUTH2, type) : text),
      });
      /** Runs an action with the slug from an input and from an annotation. */
      async function tryBoth<Input extends AnyInput, Output extends AnyInput>(
        create: CreateAction<Input, Output>,
        input: Input,
        byInput: object = {},
      ) {
        const portal = { config: { authentik: { baseUrl: disguise.url } } };
        return [
          await fixture.run(
            create,
            { ...input, ...BY_INPUT, ...byInput },
            portal,
          ),
          await fixture.run(create, { ...input, ...BY_ANNOTATION }, portal),
        ];
      }
      try {
        const ensured = await tryBoth(
          createAuthentikApplicationEnsureAction,
          { bindings: [{ group: 'engineering' }] },
          // Another provider than the one that the default name finds.
          nothingToDelete ? { providerName: 'Payroll' } : { name: 'Mine' },
        );
        const deletions = [
          ...(await tryBoth(createAuthentikApplicationDeleteAction, {
            confirm: SLUG,
            evenIfInUse: true,
          })),
          ...(await tryBoth(createHoopGatewayDisconnectAction, {
            deleteApplication: true,
            confirm: SLUG,
          })),
        ];
        const changes = [
          ...(await tryBoth(createAuthentikBindingEnsureAction, {
            group: 'engineering',
          })),
          ...(await tryBoth(createHoopGatewayRotateSecretAction, {
            allowShared: true,
          })),
        ];
        const deliveries = [
          ...(await tryBoth(createHoopGatewayConfigureAction, {
            allowLockout: true,
            allowManaged: true,
          })),
          ...(await tryBoth(createHoopHelmValuesPatchAction, {
            path: 'values.yaml',
            allowLockout: true,
          })),
          ...(await tryBoth(createHoopEnvFilePatchAction, {
            path: '.env',
            allowLockout: true,
          })),
        ];

        const refusalsOf = (runs: ActionRun[]) =>
          runs.map(({ error }) => `${error?.name}: ${error?.message}`);
        for (const text of refusalsOf(ensured)) {
          expect(text).toMatch(refusal);
          expect(text).toMatch(/^InputError: .* Nothing was changed\./);
        }
        const [outcomes, expected] = nothingToDelete
          ? [deletions.map(({ outputs }) => outputs.writes), [0, 0, 0, 0]]
          : [refusalsOf(deletions), refusalsOf(changes)];
        expect(outcomes).toEqual(expected);
        for (const text of refusalsOf(changes)) {
          expect(text).toMatch(
            nothingToDelete ? /^InputError: .* "team-hoop" .* exist/ : refusal,
          );
        }
        for (const text of refusalsOf(deliveries)) {
          expect(text).toMatch(usable ? refusal : /^InputError: /);
        }
        expect(await writesSince()).toEqual([]);
        expect(await readSystemState(fixture.sandbox)).toEqual(before);
      } finally {
        await disguise.close();
      }
    },
  );
});
