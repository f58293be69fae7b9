/**
 * Who a binding lets in (or keeps out, when negated): exactly one of `group`, `user` and `policy`, by name.
 *
 * @public
 */
export interface BindingSpec {
  group?: string;
  user?: string;
  policy?: string;
  /** Evaluation order; default: the position in the list. */
  order?: number;
  /** Keeps out instead of letting in. Default: false. */
  negate?: boolean;
  /** Default: true. */
  enabled?: boolean;
  /** Seconds a policy may run. */
  timeout?: number;
  /** The result when the policy fails to run. */
  failureResult?: boolean;
}

/**
 * What is wanted of an application and its provider. Only the slug is needed; a member that is not given takes the
 * guide's value on a new application and is left as it is on an existing one.
 *
 * @public
 */
export interface ApplicationSpec {
  slug: string;
  /** Default on a new application: the slug. */
  name?: string;
  group?: string;
  policyEngineMode?: 'any' | 'all';
  launchUrl?: string;
  icon?: string;
  publisher?: string;
  description?: string;
  openInNewTab?: boolean;
  hide?: boolean;
  /** Default on a new provider: `Provider for <application name>`. */
  providerName?: string;
  /** Slug; default on a new provider: authentik's implicit-consent flow. */
  authorizationFlow?: string;
  /** Slug; default on a new provider: authentik's provider invalidation flow. */
  invalidationFlow?: string;
  /** Name of a certificate, in the present one's place too; default: the present one if usable, else the preferred, else any. */
  signingKey?: string;
  accessCodeValidity?: string;
  accessTokenValidity?: string;
  refreshTokenValidity?: string;
  subMode?: string;
  /** Default: `per_provider`, which the gateway's issuer check needs. */
  issuerMode?: 'per_provider' | 'global';
  /** Scope names beside openid, email and profile, such as `offline_access`. */
  extraScopes?: string[];
  logoutUri?: string;
  bindings?: BindingSpec[];
  /**
   * `additive` makes sure that the given bindings exist; `authoritative` also removes all others. Default: `additive`.
   */
  bindingsMode?: 'additive' | 'authoritative';
}
