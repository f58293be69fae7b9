import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../../systems/authentik';
import { type CallOptions, SecretValue } from '../../core';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikBinding,
  AuthentikBindingFields,
  AuthentikBlueprint,
  AuthentikClient,
  AuthentikKeyPair,
  AuthentikProvider,
  AuthentikProviderFields,
} from '../../systems/authentik/types';
import {
  AUTHENTIK_URL,
  FLOWS,
  GROUPS,
  KEY_PAIRS,
  RSA_KEY,
  POLICIES,
  SCOPE_MAPPINGS,
  USERS,
} from './serverObjects';

const OAUTH2 = 'authentik_providers_oauth2.oauth2provider';

type NewPair = Parameters<AuthentikClient['createApplicationWithProvider']>[0];

/**
 * authentik in memory: slugs, provider names and client ids are unique, an application has at most one provider and a
 * provider at most one application, and of concurrent writers that create the same pair one wins.
 */
export class FakeAuthentikClient implements AuthentikClient {
  readonly name = 'default';
  readonly baseUrl = AUTHENTIK_URL;
  readonly writeTimeoutMs = 60_000;
  version = '2026.8.0';
  applications: AuthentikApplication[] = [];
  providers: AuthentikProvider[] = [];
  bindings: AuthentikBinding[] = [];
  blueprints: AuthentikBlueprint[] = [];
  keyPairs: AuthentikKeyPair[] = [...KEY_PAIRS];
  /** Names of providers that are not OAuth2 providers: taken, but not found. */
  otherProviders: string[] = [];
  /** Methods that the token may not use. */
  readonly refused = new Set<keyof AuthentikClient>();
  /** Whether the token may see the claims of others. */
  mayPreviewUsers = true;
  readonly calls: string[] = [];
  /** Methods that changed something, in their order. */
  readonly writes: string[] = [];
  /** Runs after each change, before its answer is given. */
  onWrite: (method: string) => void = () => {};
  #lastKey = 100;

  get knownVersion() {
    return this.version;
  }

  async getVersion(options?: CallOptions) {
    await this.#called('getVersion', options);
    return this.version;
  }

  async getSelf(options?: CallOptions) {
    await this.#called('getSelf', options);
    return { pk: 1, username: 'backstage', isSuperuser: false };
  }

  async getApplication(slug: string, options?: CallOptions) {
    await this.#called('getApplication', options);
    return structuredClone(this.applications.find(one => one.slug === slug));
  }

  async createApplicationWithProvider(
    { application, provider, bindings }: NewPair,
    options?: CallOptions,
  ) {
    await this.#called('createApplicationWithProvider', options);
    this.#refuseTaken(application.slug, provider.name, provider.clientId);
    // Between validation and the transaction other writers may come.
    await tick();
    try {
      this.#refuseTaken(application.slug, provider.name, provider.clientId);
    } catch {
      if (this.#year < 2026) {
        throw new AuthentikServerError('server error or unknown URL');
      }
      return { applied: false };
    }
    const { pk } = this.addProvider(provider);
    const { pk: target } = this.addApplication({
      ...application,
      provider: pk,
    });
    bindings.forEach(fields => this.addBinding(target, fields));
    this.#wrote('createApplicationWithProvider');
    return { applied: true };
  }

  async createApplication(
    fields: AuthentikApplicationFields & { name: string; slug: string },
    options?: CallOptions,
  ) {
    await this.#called('createApplication', options);
    this.#refuseTaken(fields.slug);
    this.#refuseUsed(fields.provider);
    const created = this.addApplication(fields);
    this.#wrote('createApplication');
    return structuredClone(created);
  }

  async updateApplication(
    slug: string,
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ) {
    await this.#called('updateApplication', options);
    const application = this.#application(slug);
    if (fields.provider !== application.provider) {
      this.#refuseUsed(fields.provider);
    }
    this.#assign(application, fields);
    this.#wrote('updateApplication');
    return structuredClone(application);
  }

  async setApplicationIconUrl(
    slug: string,
    url: string,
    options?: CallOptions,
  ) {
    await this.#called('setApplicationIconUrl', options);
    this.#application(slug).metaIcon = url;
    this.#wrote('setApplicationIconUrl');
  }

  async deleteApplication(slug: string, options?: CallOptions) {
    await this.#called('deleteApplication', options);
    const left = this.applications.filter(one => one.slug !== slug);
    const deleted = left.length < this.applications.length;
    const gone = this.applications.find(one => one.slug === slug);
    this.bindings = this.bindings.filter(({ target }) => target !== gone?.pk);
    this.applications = left;
    this.#join();
    this.#wrote('deleteApplication');
    return deleted;
  }

  async getProvider(pk: number, options?: CallOptions) {
    await this.#called('getProvider', options);
    const found = this.providers.find(one => one.pk === pk);
    return found && copyOf(found);
  }

  async findProviderByName(name: string, options?: CallOptions) {
    await this.#called('findProviderByName', options);
    const found = this.providers.find(one => one.name === name);
    return found && copyOf(found);
  }

  async listProviders(options?: CallOptions) {
    await this.#called('listProviders', options);
    return this.providers.map(copyOf);
  }

  async createProvider(
    fields: AuthentikProviderFields & { name: string },
    options?: CallOptions,
  ) {
    await this.#called('createProvider', options);
    this.#refuseTaken(undefined, fields.name, fields.clientId);
    const created = this.addProvider(fields);
    this.#wrote('createProvider');
    return copyOf(created);
  }

  async updateProvider(
    pk: number,
    fields: AuthentikProviderFields,
    options?: CallOptions,
  ) {
    await this.#called('updateProvider', options);
    const provider = this.providers.find(one => one.pk === pk);
    if (!provider) {
      throw new NotFoundError('No OAuth2Provider matches the given query.');
    }
    if (fields.name !== provider.name) {
      this.#refuseTaken(undefined, fields.name);
    }
    Object.assign(provider, this.#versioned(fields));
    provider.encryptionKey ??= undefined;
    provider.signingKey ??= undefined;
    this.#wrote('updateProvider');
    return copyOf(provider);
  }

  async deleteProvider(pk: number, options?: CallOptions) {
    await this.#called('deleteProvider', options);
    const left = this.providers.filter(one => one.pk !== pk);
    const deleted = left.length < this.providers.length;
    this.providers = left;
    this.applications
      .filter(({ provider }) => provider === pk)
      .forEach(application => {
        application.provider = undefined;
        application.providerModel = undefined;
      });
    this.#wrote('deleteProvider');
    return deleted;
  }

  async previewClaims(_pk: number, user: unknown, options?: CallOptions) {
    await this.#called('previewClaims', options);
    if (user !== undefined && !this.mayPreviewUsers) {
      throw new InputError('for_user: User not found');
    }
    return { email: 'jane@company', groups: ['admin'] };
  }

  async listFlows(_filter: object, options?: CallOptions) {
    await this.#called('listFlows', options);
    return FLOWS;
  }

  async listKeyPairs(options?: CallOptions) {
    await this.#called('listKeyPairs', options);
    return [...this.keyPairs];
  }

  async createKeyPair(
    { name, validityDays }: { name: string; validityDays: number },
    options?: CallOptions,
  ) {
    await this.#called('createKeyPair', options);
    const expiry = new Date(Date.now() + validityDays * 86_400_000);
    const created: AuthentikKeyPair = {
      ...RSA_KEY,
      pk: `key-${++this.#lastKey}`,
      name,
      expiry: expiry.toISOString(),
    };
    this.keyPairs.push(created);
    this.#wrote('createKeyPair');
    return created;
  }

  async deleteKeyPair(pk: string, options?: CallOptions) {
    await this.#called('deleteKeyPair', options);
    const left = this.keyPairs.filter(one => one.pk !== pk);
    const deleted = left.length < this.keyPairs.length;
    this.keyPairs = left;
    this.#wrote('deleteKeyPair');
    return deleted;
  }

  async listKeyPairUses(pk: string, options?: CallOptions) {
    await this.#called('listKeyPairUses', options);
    return this.providers
      .filter(({ signingKey }) => signingKey === pk)
      .map(one => ({
        model: 'oauth2provider',
        pk: `${one.pk}`,
        name: one.name,
      }));
  }

  async listScopeMappings(options?: CallOptions) {
    await this.#called('listScopeMappings', options);
    return SCOPE_MAPPINGS;
  }

  async listBlueprints(options?: CallOptions) {
    await this.#called('listBlueprints', options);
    return this.blueprints;
  }

  async findGroup(name: string, options?: CallOptions) {
    await this.#called('findGroup', options);
    return GROUPS.find(group => group.name === name);
  }

  async findGroupMembers(name: string, options?: CallOptions) {
    await this.#called('findGroupMembers', options);
    const group = GROUPS.find(one => one.name === name);
    return group && { pk: group.pk, name, members: USERS };
  }

  async listGroups(options?: CallOptions) {
    await this.#called('listGroups', options);
    return GROUPS;
  }

  async findUser(username: string, options?: CallOptions) {
    await this.#called('findUser', options);
    return USERS.find(user => user.username === username);
  }

  async listUsersByEmail(email: string, options?: CallOptions) {
    await this.#called('listUsersByEmail', options);
    return USERS.filter(user => user.email === email);
  }

  async findPolicy(name: string, options?: CallOptions) {
    await this.#called('findPolicy', options);
    return POLICIES.find(policy => policy.name === name);
  }

  async listBindings(target: string, options?: CallOptions) {
    await this.#called('listBindings', options);
    return structuredClone(
      this.bindings
        .filter(binding => binding.target === target)
        .sort((a, b) => a.order - b.order)
        .map(binding => ({
          ...binding,
          groupName: GROUPS.find(({ pk }) => pk === binding.group)?.name,
        })),
    );
  }

  async listAllBindings(options?: CallOptions) {
    await this.#called('listAllBindings', options);
    return structuredClone(this.bindings);
  }

  async createBinding(
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ) {
    await this.#called('createBinding', options);
    const created = this.addBinding(target, fields);
    this.#wrote('createBinding');
    return structuredClone(created);
  }

  async updateBinding(
    pk: string,
    _target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ) {
    await this.#called('updateBinding', options);
    const binding = this.bindings.find(one => one.pk === pk);
    if (!binding) {
      throw new NotFoundError('No PolicyBinding matches the given query.');
    }
    Object.assign(binding, fields);
    // Part of lists, and no field of a binding.
    delete binding.groupName;
    this.#wrote('updateBinding');
    return structuredClone(binding);
  }

  async deleteBinding(pk: string, options?: CallOptions) {
    await this.#called('deleteBinding', options);
    const left = this.bindings.filter(one => one.pk !== pk);
    const deleted = left.length < this.bindings.length;
    this.bindings = left;
    this.#wrote('deleteBinding');
    return deleted;
  }

  async listSignIns(
    _applicationPk: string,
    _count: number,
    options?: CallOptions,
  ) {
    await this.#called('listSignIns', options);
    return [];
  }

  /** Puts an application there, as an administrator would, with authentik's defaults. */
  addApplication(
    fields: AuthentikApplicationFields & { name: string; slug: string },
  ): AuthentikApplication {
    const application: AuthentikApplication = {
      pk: `application-${++this.#lastKey}`,
      name: fields.name,
      slug: fields.slug,
      provider: undefined,
      providerModel: undefined,
      group: '',
      policyEngineMode: 'any',
      openInNewTab: false,
      metaLaunchUrl: '',
      metaIcon: '',
      metaDescription: '',
      metaPublisher: '',
      metaHide: this.#year < 2026 ? undefined : false,
    };
    this.applications.push(application);
    this.#assign(application, fields);
    return application;
  }

  /** Puts a provider there, as an administrator would, with authentik's defaults. */
  addProvider(
    fields: AuthentikProviderFields & { name: string },
  ): AuthentikProvider {
    const key = ++this.#lastKey;
    const provider: AuthentikProvider = {
      pk: key,
      metaModelName: OAUTH2,
      authorizationFlow: undefined,
      invalidationFlow: undefined,
      propertyMappings: [],
      clientType: 'confidential',
      clientId: `client-${key}`,
      clientSecret: new SecretValue(`secret-${key}`),
      accessCodeValidity: 'minutes=1',
      accessTokenValidity: 'hours=1',
      refreshTokenValidity: 'days=30',
      includeClaimsInIdToken: true,
      redirectUris: [],
      subMode: 'hashed_user_id',
      issuerMode: 'per_provider',
      grantTypes: this.#year < 2026 ? undefined : [],
      logoutUri: '',
      logoutMethod: 'backchannel',
      assignedApplicationSlug: undefined,
      ...this.#versioned(fields),
      signingKey: fields.signingKey ?? undefined,
      encryptionKey: fields.encryptionKey ?? undefined,
    };
    this.providers.push(provider);
    return provider;
  }

  /** Puts a binding there; authentik accepts the same one twice. */
  addBinding(target: string, fields: AuthentikBindingFields): AuthentikBinding {
    const binding: AuthentikBinding = {
      pk: `binding-${++this.#lastKey}`,
      target,
      policy: fields.policy,
      group: fields.group,
      user: fields.user,
      order: fields.order,
      enabled: fields.enabled ?? true,
      negate: fields.negate ?? false,
      timeout: fields.timeout ?? 30,
      failureResult: fields.failureResult ?? false,
    };
    this.bindings.push(binding);
    return binding;
  }

  /** All objects in a form that two moments can be compared in: lists as sets, secrets revealed. */
  contents(): unknown {
    return {
      applications: structuredClone(this.applications),
      providers: this.providers.map(provider => ({
        ...copyOf(provider),
        clientSecret: provider.clientSecret.reveal(),
        propertyMappings: [...provider.propertyMappings].sort(),
        grantTypes: provider.grantTypes && [...provider.grantTypes].sort(),
      })),
      bindings: structuredClone(this.bindings),
    };
  }

  get #year(): number {
    return Number(this.version.split('.')[0]);
  }

  /**
   * Texts are stored without white space around them. Servers before 2026.5 ignore grant types; the icon moved into the
   * application with 2025.12.
   */
  #versioned<T extends object>(fields: T): T {
    const ignored =
      this.#year < 2026 ? ['grantTypes', 'metaIcon', 'metaHide'] : [];
    return Object.fromEntries(
      Object.entries(fields)
        .filter(([key, value]) => value !== undefined && !ignored.includes(key))
        .map(([key, value]) => [
          key,
          typeof value === 'string' ? value.trim() : value,
        ]),
    ) as T;
  }

  #assign(
    application: AuthentikApplication,
    fields: AuthentikApplicationFields,
  ): void {
    Object.assign(application, this.#versioned(fields));
    application.provider ??= undefined;
    application.providerModel =
      application.provider === undefined ? undefined : OAUTH2;
    this.#join();
  }

  #join(): void {
    this.providers.forEach(provider => {
      provider.assignedApplicationSlug = this.applications.find(
        one => one.provider === provider.pk,
      )?.slug;
    });
  }

  #application(slug: string): AuthentikApplication {
    const application = this.applications.find(one => one.slug === slug);
    if (!application) {
      throw new NotFoundError('No Application matches the given query.');
    }
    return application;
  }

  #refuseTaken(slug?: string, providerName?: string, clientId?: string): void {
    if (slug && this.applications.some(one => one.slug === slug)) {
      throw new ConflictError(
        'slug: Application with this slug already exists.',
      );
    }
    if (
      providerName &&
      (this.otherProviders.includes(providerName) ||
        this.providers.some(one => one.name === providerName))
    ) {
      throw new ConflictError('name: provider with this name already exists.');
    }
    if (clientId && this.providers.some(one => one.clientId === clientId)) {
      throw new ConflictError(
        'client_id: OAuth2/OpenID Provider with this Client ID already exists.',
      );
    }
  }

  #refuseUsed(provider: number | null | undefined): void {
    if (typeof provider !== 'number') {
      return;
    }
    if (!this.providers.some(one => one.pk === provider)) {
      throw new InputError('provider: Invalid pk - object does not exist.');
    }
    if (this.applications.some(one => one.provider === provider)) {
      throw new ConflictError(
        'provider: Application with this provider already exists.',
      );
    }
  }

  /** Every call lets others run first, as a network does. */
  async #called(
    method: keyof AuthentikClient,
    options: CallOptions | undefined,
  ): Promise<void> {
    options?.signal?.throwIfAborted();
    this.calls.push(method);
    await tick();
    options?.signal?.throwIfAborted();
    if (this.refused.has(method)) {
      throw new AuthentikPermissionError(`the token may not ${method}`);
    }
  }

  #wrote(method: string): void {
    this.writes.push(method);
    this.onWrite(method);
  }
}

function copyOf(provider: AuthentikProvider): AuthentikProvider {
  const { clientSecret, ...others } = provider;
  return { ...structuredClone(others), clientSecret };
}

function tick(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
