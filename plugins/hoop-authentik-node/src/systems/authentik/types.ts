import type { CallOptions, SecretValue } from '../../core';

/**
 * The fields of an authentik application that the flow uses; names are authentik's, in camel case.
 *
 * @public
 */
export interface AuthentikApplication {
  /** UUID; the `target` of bindings. */
  pk: string;
  name: string;
  slug: string;
  /** Primary key of the provider, or `undefined` where none is joined. */
  provider: number | undefined;
  /** Type of the joined provider, such as `authentik_providers_oauth2.oauth2provider`. */
  providerModel: string | undefined;
  group: string;
  policyEngineMode: string;
  openInNewTab: boolean;
  metaLaunchUrl: string;
  metaIcon: string;
  metaDescription: string;
  metaPublisher: string;
  /** Absent on servers before 2026.5. */
  metaHide: boolean | undefined;
}

/**
 * What can be set on an application; a member that is not given is left as it is.
 *
 * @public
 */
export interface AuthentikApplicationFields {
  name?: string;
  slug?: string;
  provider?: number | null;
  group?: string;
  policyEngineMode?: 'any' | 'all';
  openInNewTab?: boolean;
  metaLaunchUrl?: string;
  /** Sent on servers from 2025.12; older ones take {@link AuthentikClient.setApplicationIconUrl}. */
  metaIcon?: string;
  metaDescription?: string;
  metaPublisher?: string;
  metaHide?: boolean;
}

/**
 * One redirect URI of a provider.
 *
 * @public
 */
export interface AuthentikRedirectUri {
  matchingMode: string;
  url: string;
  /** `authorization` or `logout`; servers before 2026.5 know only the former and do not name it. */
  redirectUriType: string;
}

/**
 * The fields of an OAuth2/OpenID provider that the flow uses.
 *
 * @public
 */
export interface AuthentikProvider {
  pk: number;
  name: string;
  /**
   * Type of the object behind the entry, as far as it can be told. A proxy provider is an OAuth2 provider underneath and
   * shown as one by the list and the detail of OAuth2 providers; it is recognized by its redirect URIs, and then
   * `authentik_providers_proxy.proxyprovider` stands here. Once the provider has an application,
   * {@link AuthentikApplication.providerModel} is what authentik itself states.
   */
  metaModelName: string;
  authorizationFlow: string | undefined;
  invalidationFlow: string | undefined;
  propertyMappings: string[];
  clientType: string;
  clientId: string;
  clientSecret: SecretValue;
  accessCodeValidity: string;
  accessTokenValidity: string;
  refreshTokenValidity: string;
  includeClaimsInIdToken: boolean;
  signingKey: string | undefined;
  encryptionKey: string | undefined;
  redirectUris: AuthentikRedirectUri[];
  subMode: string;
  issuerMode: string;
  /** Absent on servers before 2026.5. */
  grantTypes: string[] | undefined;
  logoutUri: string | undefined;
  logoutMethod: string | undefined;
  assignedApplicationSlug: string | undefined;
}

/**
 * What can be set on a provider; a member that is not given is left as it is.
 *
 * @public
 */
export interface AuthentikProviderFields {
  name?: string;
  authorizationFlow?: string;
  invalidationFlow?: string;
  propertyMappings?: string[];
  clientType?: 'confidential' | 'public';
  clientId?: string;
  clientSecret?: SecretValue;
  accessCodeValidity?: string;
  accessTokenValidity?: string;
  refreshTokenValidity?: string;
  includeClaimsInIdToken?: boolean;
  signingKey?: string | null;
  encryptionKey?: string | null;
  redirectUris?: AuthentikRedirectUri[];
  subMode?: string;
  issuerMode?: string;
  grantTypes?: string[];
  logoutUri?: string;
  logoutMethod?: string;
}

/** @public */
export interface AuthentikFlow {
  pk: string;
  slug: string;
  name: string;
  designation: string;
}

/** @public */
export interface AuthentikKeyPair {
  pk: string;
  name: string;
  /** `rsa`, `ec`, `ed25519`, `ed448`, `dsa` on every server version; `undefined` where the server does not say. */
  keyType: string | undefined;
  privateKeyAvailable: boolean;
  /** ISO 8601. */
  expiry: string | undefined;
  managed: string | undefined;
}

/** @public */
export interface AuthentikScopeMapping {
  pk: string;
  name: string;
  scopeName: string;
  managed: string | undefined;
}

/** @public */
export interface AuthentikGroup {
  pk: string;
  name: string;
  /** Primary keys of the users directly in the group. */
  users: number[];
}

/**
 * A group together with its direct members; the `groups` claim lists direct groups only.
 *
 * @public
 */
export interface AuthentikGroupMembers {
  pk: string;
  name: string;
  members: Array<{ pk: number; username: string; isActive: boolean }>;
}

/**
 * An object that refers to another one.
 *
 * @public
 */
export interface AuthentikUse {
  /** Such as `oauth2provider`. */
  model: string;
  pk: string;
  name: string;
}

/** @public */
export interface AuthentikUser {
  pk: number;
  username: string;
  name: string;
  email: string;
  isActive: boolean;
}

/** @public */
export interface AuthentikPolicy {
  pk: string;
  name: string;
}

/**
 * A binding of a policy, a group or a user to an application.
 *
 * @public
 */
export interface AuthentikBinding {
  pk: string;
  target: string;
  policy: string | undefined;
  group: string | undefined;
  /** Name of the group, where the server told it along. */
  groupName?: string;
  user: number | undefined;
  order: number;
  enabled: boolean;
  negate: boolean;
  /** Seconds. */
  timeout: number;
  failureResult: boolean;
}

/**
 * What can be set on a binding; exactly one of `policy`, `group` and `user` is given.
 *
 * @public
 */
export type AuthentikBindingFields = Pick<AuthentikBinding, 'order'> &
  Partial<
    Pick<
      AuthentikBinding,
      | 'policy'
      | 'group'
      | 'user'
      | 'enabled'
      | 'negate'
      | 'timeout'
      | 'failureResult'
    >
  >;

/** @public */
export interface AuthentikSelf {
  pk: number;
  username: string;
  isSuperuser: boolean;
}

/**
 * What the flow asks of one authentik instance: one method an endpoint. Every method throws `ServiceUnavailableError`
 * when the instance cannot be reached, answers with a server error, or refuses our token; `NotAllowedError` is never
 * thrown, since the refusal is not about the portal's user. A refusal for want of a permission is an
 * {@link AuthentikPermissionError}, a failure over a request an {@link AuthentikServerError}; both are
 * `ServiceUnavailableError`s by name. A request the server finds invalid is an
 * `InputError`, one that clashes with an existing object a `ConflictError`. No error carries a secret.
 *
 * @public
 */
export interface AuthentikClient {
  /** Name of the instance in app-config. */
  readonly name: string;
  /** Public base URL without a trailing slash. */
  readonly baseUrl: string;

  /** The version where it was asked for before; reading it asks nobody. */
  readonly knownVersion: string | undefined;

  /** Version such as `2026.8.0`; asked once and remembered. `GET /admin/version/` */
  getVersion(options?: CallOptions): Promise<string>;
  /** Who the token belongs to. `GET /core/users/me/` */
  getSelf(options?: CallOptions): Promise<AuthentikSelf>;

  /**
   * Codenames of the permissions to view and to add that the token lacks, found without writing anything. Rights to
   * change and to delete show only when they are used.
   */
  findMissingPermissions(options?: CallOptions): Promise<string[]>;

  /** By slug, case-sensitive; `undefined` where there is none. `GET /core/applications/{slug}/` */
  getApplication(
    slug: string,
    options?: CallOptions,
  ): Promise<AuthentikApplication | undefined>;
  /**
   * Application, provider and bindings in one transaction. `applied: false` when another writer won a race.
   * `PUT /core/transactional/applications/`
   */
  createApplicationWithProvider(
    request: {
      application: AuthentikApplicationFields & { name: string; slug: string };
      provider: AuthentikProviderFields & { name: string };
      bindings: AuthentikBindingFields[];
    },
    options?: CallOptions,
  ): Promise<{ applied: boolean }>;
  /** `POST /core/applications/` */
  createApplication(
    fields: AuthentikApplicationFields & { name: string; slug: string },
    options?: CallOptions,
  ): Promise<AuthentikApplication>;
  /** `PATCH /core/applications/{slug}/` */
  updateApplication(
    slug: string,
    fields: AuthentikApplicationFields,
    options?: CallOptions,
  ): Promise<AuthentikApplication>;
  /**
   * Sets the icon on every version: `POST /core/applications/{slug}/set_icon_url/` before 2025.12, which removed that
   * endpoint, {@link AuthentikApplicationFields.metaIcon} from then on.
   */
  setApplicationIconUrl(
    slug: string,
    url: string,
    options?: CallOptions,
  ): Promise<void>;
  /** False where it did not exist. The provider stays. `DELETE /core/applications/{slug}/` */
  deleteApplication(slug: string, options?: CallOptions): Promise<boolean>;

  /** `GET /providers/oauth2/{pk}/` */
  getProvider(
    pk: number,
    options?: CallOptions,
  ): Promise<AuthentikProvider | undefined>;
  /** OAuth2 providers of exactly this name (proxy providers left out). `GET /providers/oauth2/?name=` */
  findProviderByName(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikProvider | undefined>;
  /** Every OAuth2 provider. `GET /providers/oauth2/` */
  listProviders(options?: CallOptions): Promise<AuthentikProvider[]>;
  /** `POST /providers/oauth2/` */
  createProvider(
    fields: AuthentikProviderFields & { name: string },
    options?: CallOptions,
  ): Promise<AuthentikProvider>;
  /** `PATCH /providers/oauth2/{pk}/` */
  updateProvider(
    pk: number,
    fields: AuthentikProviderFields,
    options?: CallOptions,
  ): Promise<AuthentikProvider>;
  /** `DELETE /providers/oauth2/{pk}/` */
  deleteProvider(pk: number, options?: CallOptions): Promise<boolean>;
  /** The claims the provider would issue for a user. `GET /providers/oauth2/{pk}/preview_user/` */
  previewClaims(
    pk: number,
    forUser: number | undefined,
    options?: CallOptions,
  ): Promise<Record<string, unknown>>;

  /** `GET /flows/instances/` */
  listFlows(
    filter: { designation?: string },
    options?: CallOptions,
  ): Promise<AuthentikFlow[]>;
  /** All certificates, those without a private key too. `GET /crypto/certificatekeypairs/` */
  listKeyPairs(options?: CallOptions): Promise<AuthentikKeyPair[]>;
  /** What refers to a certificate, of that which the token may see. `GET /crypto/certificatekeypairs/{pk}/used_by/` */
  listKeyPairUses(pk: string, options?: CallOptions): Promise<AuthentikUse[]>;
  /** `GET /propertymappings/provider/scope/` */
  listScopeMappings(options?: CallOptions): Promise<AuthentikScopeMapping[]>;
  /** Exact name. `GET /core/groups/?name=` */
  findGroup(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikGroup | undefined>;
  /** Exact name, with its members. `GET /core/groups/?name=&include_users=true` */
  findGroupMembers(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikGroupMembers | undefined>;
  /** `GET /core/groups/` */
  listGroups(options?: CallOptions): Promise<AuthentikGroup[]>;
  /** Exact user name. `GET /core/users/?username=` */
  findUser(
    username: string,
    options?: CallOptions,
  ): Promise<AuthentikUser | undefined>;
  /** Of an e-mail address, upper and lower case being the same. `GET /core/users/?search=` */
  listUsersByEmail(
    email: string,
    options?: CallOptions,
  ): Promise<AuthentikUser[]>;
  /** Exact name. `GET /policies/all/?search=` */
  findPolicy(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikPolicy | undefined>;

  /** Bindings of an application, by order. `GET /policies/bindings/?target=` */
  listBindings(
    target: string,
    options?: CallOptions,
  ): Promise<AuthentikBinding[]>;
  /** Every binding. `GET /policies/bindings/` */
  listAllBindings(options?: CallOptions): Promise<AuthentikBinding[]>;
  /** `POST /policies/bindings/` */
  createBinding(
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ): Promise<AuthentikBinding>;
  /** Sends the target and the subject too, without which the server crashes. `PATCH /policies/bindings/{pk}/` */
  updateBinding(
    pk: string,
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ): Promise<AuthentikBinding>;
  /** `DELETE /policies/bindings/{pk}/` */
  deleteBinding(pk: string, options?: CallOptions): Promise<boolean>;

  /** The last time somebody was let into an application. `GET /events/events/?action=authorize_application` */
  getLastSignIn(
    applicationPk: string,
    options?: CallOptions,
  ): Promise<{ at: string; username: string } | undefined>;
}

/**
 * The discovery document, as far as the gateway and the checks use it.
 *
 * @public
 */
export interface DiscoveryDocument {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  jwksUri: string;
  idTokenSigningAlgorithms: string[];
  scopes: string[];
  claims: string[];
}

/**
 * A key as published for verifying tokens.
 *
 * @public
 */
export interface PublishedKey {
  kid?: string;
  alg?: string;
  kty?: string;
  /** `sig` or `enc`; absent where it is for either. */
  use?: string;
  /** When its certificate expires, where one is published along: ISO 8601. */
  expiry?: string;
}

/**
 * What an authorize request without a session and with `prompt=none` was answered: `accepted` client and redirect URI
 * are right; otherwise what authentik objects to.
 *
 * @public
 */
export type AuthorizeProbe =
  | { outcome: 'accepted' }
  | { outcome: 'client-refused' | 'redirect-uri-refused' }
  | { outcome: 'error'; error: string };

/**
 * Where the address that `hoop login` opens leads somebody who is not signed in: to authentik's login page, to a page
 * that says there is no flow to sign in with, back to the client with an error, or elsewhere (`place`, without query).
 *
 * @public
 */
export type LoginPageProbe =
  | { outcome: 'login-page' | 'no-login-page' }
  | { outcome: 'client-refused' | 'redirect-uri-refused' }
  | { outcome: 'error'; error: string }
  | { outcome: 'elsewhere'; place: string };

/**
 * authentik seen as an OpenID provider, from outside: no token, and no side effects but the one that is named.
 *
 * @public
 */
export interface OidcProbes {
  /** `undefined` where there is no such application or it has no OAuth2 provider (404). */
  getDiscovery(
    slug: string,
    options?: CallOptions,
  ): Promise<DiscoveryDocument | undefined>;
  /** The published keys; empty where no signing key is set. */
  getKeys(jwksUri: string, options?: CallOptions): Promise<PublishedKey[]>;
  /**
   * Must not be called for a provider without redirect URIs: older servers adopt the first one they are asked for.
   */
  probeAuthorize(
    request: { clientId: string; redirectUri: string; scopes: string[] },
    options?: CallOptions,
  ): Promise<AuthorizeProbe>;
  /**
   * Opens the address of a sign-in as a browser does, up to the login page; authentik starts a session that nobody uses.
   * Like `probeAuthorize`, not for a provider without redirect URIs.
   *
   * @param url - of this instance's authorize endpoint; no other address is asked
   * @throws InputError when the URL is another one
   */
  probeLoginPage(url: string, options?: CallOptions): Promise<LoginPageProbe>;
  /** Whether authentik accepts the secret, by revoking a token that does not exist (RFC 7009). */
  probeClientSecret(
    request: { clientId: string; clientSecret: SecretValue },
    options?: CallOptions,
  ): Promise<boolean>;
}
