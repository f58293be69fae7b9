import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  SecretValue,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import {
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
  type ApplicationClaim,
  type AuthentikApplication,
  type AuthentikApplicationFields,
  type AuthentikBindingFields,
  type AuthentikGroup,
  type AuthentikProvider,
  type AuthentikProviderFields,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { connect, type Connection } from './connect';
import type { ContractTarget } from './target';

/** What a server has and providers refer to. */
interface References {
  authorizationFlow: string;
  otherAuthorizationFlow: string;
  invalidationFlow: string;
  otherInvalidationFlow: string;
  /** An RSA key: by primary key, and by name. */
  signingKey: string;
  signingKeyName: string;
  /** Mappings of the scopes openid, email and profile. */
  propertyMappings: string[];
  /** Two groups that the user of the token is not in. */
  groups: [AuthentikGroup, AuthentikGroup];
}

export interface Pair {
  application: AuthentikApplication;
  provider: AuthentikProvider;
}

export interface RawAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** Makes things on the server under names that nobody else uses, and takes them away again. */
export class Workbench {
  readonly target: ContractTarget;
  readonly prefix = `contract-${randomBytes(4).toString('hex')}-`;
  readonly #connections: Connection[] = [];
  readonly #main: Connection;
  readonly #slugs = new Set<string>();
  #references: Promise<References> | undefined;

  constructor(target: ContractTarget) {
    this.target = target;
    this.#main = this.connect();
  }

  get client() {
    return this.#main.client;
  }

  get probes() {
    return this.#main.probes;
  }

  get context() {
    return this.#main.context;
  }

  /** What makes an application of this run the gateway's. */
  claim(slug: string): ApplicationClaim {
    return { slug, redirectUri: this.context.redirectUri };
  }

  connect(token = this.target.token): Connection {
    const connection = connect({ url: this.target.url, token });
    this.#connections.push(connection);
    return connection;
  }

  /** A name for an object of this run. */
  name(word: string): string {
    return `${this.prefix}${word}`;
  }

  /** A slug of this run, to be cleared away whatever becomes of it. */
  slug(word: string): string {
    const slug = this.name(word);
    this.#slugs.add(slug);
    return slug;
  }

  spec(word: string, more: Partial<ApplicationSpec> = {}): ApplicationSpec {
    return {
      slug: this.slug(word),
      name: this.name(word),
      providerName: this.name(word),
      ...more,
    };
  }

  references(): Promise<References> {
    this.#references ??= this.#lookUp();
    return this.#references;
  }

  /** Everything that the guide asks of a provider. */
  async providerFields(
    word: string,
    more: AuthentikProviderFields = {},
  ): Promise<AuthentikProviderFields & { name: string }> {
    const { authorizationFlow, invalidationFlow, signingKey, ...others } =
      await this.references();
    return {
      name: this.name(word),
      clientType: 'confidential',
      authorizationFlow,
      invalidationFlow,
      signingKey,
      propertyMappings: others.propertyMappings,
      redirectUris: [
        {
          matchingMode: 'strict',
          url: this.context.redirectUri,
          redirectUriType: 'authorization',
        },
      ],
      grantTypes: [...REQUIRED_GRANT_TYPES],
      ...more,
    };
  }

  async addPair(
    word: string,
    more: {
      provider?: AuthentikProviderFields;
      application?: AuthentikApplicationFields;
      bindings?: AuthentikBindingFields[];
    } = {},
  ): Promise<Pair> {
    const slug = this.slug(word);
    const { applied } = await this.client.createApplicationWithProvider({
      application: { name: slug, slug, ...more.application },
      provider: await this.providerFields(word, more.provider),
      bindings: more.bindings ?? [],
    });
    assert.equal(applied, true);
    return this.readPair(slug);
  }

  async readPair(slug: string): Promise<Pair> {
    const application = await this.client.getApplication(slug);
    assert.ok(application, `the application ${slug} is not there`);
    assert.ok(application.provider, `${slug} has no provider`);
    const provider = await this.client.getProvider(application.provider);
    assert.ok(provider, `the provider of ${slug} is not there`);
    return { application, provider };
  }

  /** A request below `/api/v3/` where the answer itself is the point; with our token unless another is given. */
  async raw(
    method: string,
    path: string,
    options: { authorization?: string; body?: unknown } = {},
  ): Promise<RawAnswer> {
    const { authorization = `Bearer ${this.target.token}`, body } = options;
    const answer = await fetch(
      `${this.target.url.replace(/\/+$/, '')}/api/v3/${path}`,
      {
        method,
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          'accept-language': 'en',
          ...(authorization ? { authorization } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? '',
      text: await answer.text(),
    };
  }

  /** Whether the server is at least of a version such as `2025.12`. */
  async isAtLeast(version: string): Promise<boolean> {
    const [year, month] = (await this.client.getVersion())
      .split('.')
      .map(Number);
    const [leastYear, leastMonth] = version.split('.').map(Number);
    return year > leastYear || (year === leastYear && month >= leastMonth);
  }

  /** A client secret that no client has yet. */
  newSecret(): SecretValue {
    return new SecretValue(randomBytes(32).toString('hex'));
  }

  /** Removes everything that bears the prefix, and closes all connections. */
  async cleanUp(): Promise<void> {
    try {
      for (const slug of this.#slugs) {
        await this.client.deleteApplication(slug);
      }
      for (const { pk } of await this.#leftProviders()) {
        await this.client.deleteProvider(pk);
      }
      assert.deepEqual(
        (await this.#leftProviders()).map(({ name }) => name),
        [],
        'these could not be removed',
      );
    } finally {
      await Promise.all(this.#connections.map(({ close }) => close()));
    }
  }

  async #leftProviders(): Promise<AuthentikProvider[]> {
    const providers = await this.client.listProviders();
    return providers.filter(({ name }) => name.startsWith(this.prefix));
  }

  async #lookUp(): Promise<References> {
    const [flows, keyPairs, mappings, groups, self] = await Promise.all([
      this.client.listFlows({}),
      this.client.listKeyPairs(),
      this.client.listScopeMappings(),
      this.client.listGroups(),
      this.client.getSelf(),
    ]);
    const flow = (slug: string) =>
      present(
        flows.find(one => one.slug === slug),
        `the flow ${slug}`,
      ).pk;
    const key = present(
      keyPairs.find(
        ({ keyType, privateKeyAvailable }) =>
          keyType === 'rsa' && privateKeyAvailable,
      ),
      'an RSA key',
    );
    const [group, otherGroup] = groups.filter(
      ({ users }) => !users.includes(self.pk),
    );
    return {
      authorizationFlow: flow(
        'default-provider-authorization-implicit-consent',
      ),
      otherAuthorizationFlow: flow(
        'default-provider-authorization-explicit-consent',
      ),
      invalidationFlow: flow('default-provider-invalidation-flow'),
      otherInvalidationFlow: flow('default-invalidation-flow'),
      signingKey: key.pk,
      signingKeyName: key.name,
      propertyMappings: REQUIRED_SCOPES.map(
        scope =>
          present(
            mappings.find(({ scopeName }) => scopeName === scope),
            `a mapping of the scope ${scope}`,
          ).pk,
      ),
      groups: [present(group, 'a group'), present(otherGroup, 'two groups')],
    };
  }
}

function present<T>(value: T | undefined, what: string): T {
  assert.ok(value, `the server has not ${what} that the suite needs`);
  return value;
}
