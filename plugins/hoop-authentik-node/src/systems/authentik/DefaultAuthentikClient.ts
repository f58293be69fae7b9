import {
  type CallOptions,
  once,
  type SecretValue,
  unlessAborted,
} from '../../core';
import { AuthentikApi } from './AuthentikApi';
import { ApplicationEndpoints } from './applications';
import { BindingEndpoints } from './bindings';
import { describeInstance, type InstanceOptions } from './instance';
import { Lookups } from './lookups';
import { ProviderEndpoints } from './providers';
import { selfSchema, versionSchema } from './schemas';
import type {
  AuthentikApplicationFields,
  AuthentikBindingFields,
  AuthentikClient,
  AuthentikProviderFields,
  AuthentikSelf,
} from './types';
import { findMissingPermissions } from './permissionProbe';

/**
 * {@link AuthentikClient} over authentik's REST API, versions 2024.12 to 2026.8.
 *
 * Lists are read to their end, and what a filter let through is checked again, since servers ignore query parameters
 * they do not know.
 *
 * @public
 */
export class DefaultAuthentikClient implements AuthentikClient {
  readonly name: string;
  readonly baseUrl: string;
  readonly #api: AuthentikApi;
  readonly #version: () => Promise<string>;
  #knownVersion: string | undefined;
  readonly #applications: ApplicationEndpoints;
  readonly #providers: ProviderEndpoints;
  readonly #bindings: BindingEndpoints;
  readonly #lookups: Lookups;

  static create(
    options: InstanceOptions & { token: SecretValue },
  ): DefaultAuthentikClient {
    return new DefaultAuthentikClient(options);
  }

  private constructor(options: InstanceOptions & { token: SecretValue }) {
    const { system, baseUrl } = describeInstance(options);
    this.name = options.name;
    this.baseUrl = baseUrl;
    const api = new AuthentikApi({ ...options, system, baseUrl });
    this.#api = api;
    this.#version = once(async () => {
      const call = { path: 'admin/version/', options: undefined };
      const { version_current: found } = await api.get(call, versionSchema);
      this.#knownVersion = found;
      return found;
    });
    this.#applications = new ApplicationEndpoints(api, o => this.getVersion(o));
    this.#providers = new ProviderEndpoints(api);
    this.#bindings = new BindingEndpoints(api);
    this.#lookups = new Lookups(api);
  }

  /** Closes the connections kept to the server. */
  async close(): Promise<void> {
    await this.#api.close();
  }

  get knownVersion(): string | undefined {
    return this.#knownVersion;
  }

  async getVersion(options?: CallOptions): Promise<string> {
    // The lookup is shared, so that one caller's abort ends that caller's wait and nobody else's.
    return unlessAborted(this.#version, options?.signal);
  }

  async getSelf(options?: CallOptions): Promise<AuthentikSelf> {
    return this.#api.get({ path: 'core/users/me/', options }, selfSchema);
  }

  async findMissingPermissions(options?: CallOptions): Promise<string[]> {
    return findMissingPermissions(this.#api, options);
  }

  async getApplication(slug: string, options?: CallOptions) {
    return this.#applications.get(slug, options);
  }

  async createApplicationWithProvider(
    request: {
      application: AuthentikApplicationFields & { name: string; slug: string };
      provider: AuthentikProviderFields & { name: string };
      bindings: AuthentikBindingFields[];
    },
    options?: CallOptions,
  ) {
    return this.#applications.createWithProvider(request, options);
  }

  async createApplication(
    fields: AuthentikApplicationFields & { name: string; slug: string },
    options?: CallOptions,
  ) {
    return this.#applications.create(fields, options);
  }

  async updateApplication(
    slug: string,
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ) {
    return this.#applications.update(slug, fields, options);
  }

  async setApplicationIconUrl(
    slug: string,
    url: string,
    options?: CallOptions,
  ) {
    return this.#applications.setIconUrl(slug, url, options);
  }

  async deleteApplication(slug: string, options?: CallOptions) {
    return this.#applications.delete(slug, options);
  }

  async getProvider(pk: number, options?: CallOptions) {
    return this.#providers.get(pk, options);
  }

  async findProviderByName(name: string, options?: CallOptions) {
    return this.#providers.findByName(name, options);
  }

  async listProviders(options?: CallOptions) {
    return this.#providers.list(options);
  }

  async createProvider(
    fields: AuthentikProviderFields & { name: string },
    options?: CallOptions,
  ) {
    return this.#providers.create(fields, options);
  }

  async updateProvider(
    pk: number,
    fields: AuthentikProviderFields,
    options?: CallOptions,
  ) {
    return this.#providers.update(pk, fields, options);
  }

  async deleteProvider(pk: number, options?: CallOptions) {
    return this.#providers.delete(pk, options);
  }

  async previewClaims(
    pk: number,
    forUser: number | undefined,
    options?: CallOptions,
  ) {
    return this.#providers.previewClaims(pk, forUser, options);
  }

  async listFlows(filter: { designation?: string }, options?: CallOptions) {
    return this.#lookups.listFlows(filter, options);
  }

  async listKeyPairs(options?: CallOptions) {
    return this.#lookups.listKeyPairs(options);
  }

  async listKeyPairUses(pk: string, options?: CallOptions) {
    return this.#lookups.listKeyPairUses(pk, options);
  }

  async listScopeMappings(options?: CallOptions) {
    return this.#lookups.listScopeMappings(options);
  }

  async findGroup(name: string, options?: CallOptions) {
    return this.#lookups.findGroup(name, options);
  }

  async findGroupMembers(name: string, options?: CallOptions) {
    return this.#lookups.findGroupMembers(name, options);
  }

  async listGroups(options?: CallOptions) {
    return this.#lookups.listGroups(options);
  }

  async findUser(username: string, options?: CallOptions) {
    return this.#lookups.findUser(username, options);
  }

  async listUsersByEmail(email: string, options?: CallOptions) {
    return this.#lookups.listUsersByEmail(email, options);
  }

  async findPolicy(name: string, options?: CallOptions) {
    return this.#lookups.findPolicy(name, options);
  }

  async listBindings(target: string, options?: CallOptions) {
    return this.#bindings.list(target, options);
  }

  async listAllBindings(options?: CallOptions) {
    return this.#bindings.listAll(options);
  }

  async createBinding(
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ) {
    return this.#bindings.create(target, fields, options);
  }

  async updateBinding(
    pk: string,
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ) {
    return this.#bindings.update(pk, target, fields, options);
  }

  async deleteBinding(pk: string, options?: CallOptions) {
    return this.#bindings.delete(pk, options);
  }

  async getLastSignIn(applicationPk: string, options?: CallOptions) {
    return this.#lookups.getLastSignIn(applicationPk, options);
  }
}
