import { createHash } from 'node:crypto';
import type {
  ApplicationSpec,
  SecretValue,
} from 'backstage-plugin-hoop-authentik-node';
import type {
  AuthentikApplicationFields,
  AuthentikBindingFields,
  AuthentikProviderFields,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Workbench } from '../Workbench';

type Edits = Record<string, () => Promise<unknown>>;

/** A spec that manages everything that can be managed. */
export async function fullSpec(
  workbench: Workbench,
  word: string,
): Promise<ApplicationSpec> {
  const { groups, signingKeyName } = await workbench.references();
  return workbench.spec(word, {
    group: 'Contract',
    policyEngineMode: 'any',
    launchUrl: 'https://launch.contract.invalid/',
    icon: 'https://icons.contract.invalid/icon.png',
    publisher: 'Publisher',
    description: 'Description',
    openInNewTab: true,
    hide: true,
    authorizationFlow: 'default-provider-authorization-implicit-consent',
    invalidationFlow: 'default-provider-invalidation-flow',
    signingKey: signingKeyName,
    accessCodeValidity: 'minutes=2',
    accessTokenValidity: 'minutes=20',
    refreshTokenValidity: 'days=20',
    subMode: 'user_email',
    issuerMode: 'per_provider',
    extraScopes: ['offline_access'],
    logoutUri: 'https://gateway.contract.invalid/logout',
    bindings: groups.map(({ name }, order) => ({
      group: name,
      order,
      enabled: true,
      negate: false,
      timeout: 15,
      failureResult: false,
    })),
    bindingsMode: 'authoritative',
  });
}

/** Everything about a pair, comparable: sets sorted, the secret as a digest that may be printed. */
export async function snapshot(workbench: Workbench, slug: string) {
  const { client } = workbench;
  const application = await client.getApplication(slug);
  const [provider, bindings] = await Promise.all([
    application?.provider && client.getProvider(application.provider),
    application ? client.listBindings(application.pk) : [],
  ]);
  return {
    application,
    provider: provider && {
      ...provider,
      clientSecret: digestOf(provider.clientSecret),
      propertyMappings: provider.propertyMappings.toSorted(),
      grantTypes: provider.grantTypes?.toSorted(),
    },
    // A binding that was removed and made again has another key.
    bindings: bindings.map(({ pk: _, ...binding }) => binding),
  };
}

function digestOf(secret: SecretValue): string {
  return createHash('sha256').update(secret.reveal()).digest('hex');
}

/** By the name of the field, somebody else's edit of it. */
export async function foreignEdits(
  workbench: Workbench,
  { slug }: ApplicationSpec,
): Promise<Edits> {
  const { client } = workbench;
  const { application, provider } = await workbench.readPair(slug);
  const references = await workbench.references();

  const applicationFields: AuthentikApplicationFields = {
    name: workbench.name('renamed'),
    provider: null,
    group: 'Elsewhere',
    policyEngineMode: 'all',
    metaLaunchUrl: 'https://elsewhere.contract.invalid/',
    metaPublisher: 'Somebody',
    metaDescription: 'Something',
    openInNewTab: false,
    // Older servers do not know these two.
    ...(application.metaHide === undefined ? {} : { metaHide: false }),
  };
  const providerFields: AuthentikProviderFields = {
    name: workbench.name('renamed'),
    clientType: 'public',
    authorizationFlow: references.otherAuthorizationFlow,
    invalidationFlow: references.otherInvalidationFlow,
    signingKey: null,
    encryptionKey: references.signingKey,
    propertyMappings: provider.propertyMappings.slice(1),
    redirectUris: [],
    accessCodeValidity: 'minutes=9',
    accessTokenValidity: 'minutes=9',
    refreshTokenValidity: 'days=9',
    includeClaimsInIdToken: false,
    subMode: 'user_id',
    issuerMode: 'global',
    ...(provider.grantTypes ? { grantTypes: ['refresh_token'] } : {}),
    ...(provider.logoutUri === undefined
      ? {}
      : { logoutUri: 'https://elsewhere.contract.invalid/' }),
  };
  return {
    ...Object.fromEntries(
      Object.entries(applicationFields).map(([field, value]) => [
        `application ${field}`,
        () => client.updateApplication(slug, { [field]: value }),
      ]),
    ),
    'application metaIcon': () =>
      client.setApplicationIconUrl(
        slug,
        'https://elsewhere.contract.invalid/icon.png',
      ),
    ...Object.fromEntries(
      Object.entries(providerFields).map(([field, value]) => [
        `provider ${field}`,
        () => client.updateProvider(provider.pk, { [field]: value }),
      ]),
    ),
  };
}

export async function bindingEdits(
  workbench: Workbench,
  { slug }: ApplicationSpec,
): Promise<Edits> {
  const { client } = workbench;
  const { application } = await workbench.readPair(slug);
  const bindings = () => client.listBindings(application.pk);
  const change = async (fields: Partial<AuthentikBindingFields>) => {
    const [{ pk, target, ...binding }] = await bindings();
    await client.updateBinding(pk, target, { ...binding, ...fields });
  };
  return {
    'binding order': () => change({ order: 50 }),
    'binding enabled': () => change({ enabled: false }),
    'binding negate': () => change({ negate: true }),
    'binding timeout': () => change({ timeout: 99 }),
    'binding failureResult': () => change({ failureResult: true }),
    'binding removed': async () => {
      const [{ pk }] = await bindings();
      await client.deleteBinding(pk);
    },
    'binding added': async () => {
      const [{ pk, target, ...binding }] = await bindings();
      await client.createBinding(target, { ...binding, order: 60 });
    },
  };
}
