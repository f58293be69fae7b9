import { InputError } from '@backstage/errors';
import { describeInput, isSlug } from '../core';

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
 * The desired application and provider. Only the slug is needed; a member that is not given takes the guide's value on a
 * new application and stays unchanged on an existing one.
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
  /**
   * Name of a certificate, replacing the current one; default: the current one if usable, else the preferred one, else a
   * new one that no other application signs with.
   */
  signingKey?: string;
  /** Replace the current certificate by a new one that no other application signs with. */
  newSigningKey?: boolean;
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
   * `additive` ensures that the given bindings exist; `authoritative` also removes all others. Default: `additive`.
   */
  bindingsMode?: 'additive' | 'authoritative';
}

/** What the guide and the operator's configuration add to a spec. @public */
export interface ApplicationContext {
  /** Name of the gateway, for messages. */
  gateway?: string;
  /** The slug that app-config writes for the gateway; absent where it writes none. */
  claimedApplication?: string;
  authentikBaseUrl: string;
  redirectUri: string;
  /** Say where a blueprint manages what is changed; reading them takes a permission of its own. */
  checkBlueprints?: boolean;
  /** Scopes that app-config adds for the gateway. */
  extraScopes?: readonly string[];
  /** Certificate named in app-config, for providers without a usable one. */
  preferredSigningKey: string | undefined;
  /** Names of the certificates that runs of ours have made for the gateway. */
  ownCertificates?: readonly string[];
  /** Keys of bindings that were granted until they end: nothing else changes or removes them. */
  granted?: readonly string[];
  /** How long a certificate is valid that is made for the gateway; default 365 days. */
  signingKeyDays?: number;
  /** Create in one transaction, which takes authentik several times as long as single writes. */
  transaction?: boolean;
  now: Date;
}

/** Names of endpoints under `/application/o/`; servers from 2025.10 refuse them, older ones break. */
const RESERVED_SLUGS = [
  'authorize',
  'token',
  'device',
  'userinfo',
  'introspect',
  'revoke',
];

/** The limit up to 2025.10; later servers have none, but the slug is part of the issuer that people read. */
const LONGEST_SLUG = 50;

/** The provider's name: as given, or the guide's. @internal */
export function providerNameOf(spec: ApplicationSpec): string {
  return spec.providerName ?? `Provider for ${spec.name ?? spec.slug}`;
}

/**
 * Refuses what no server accepts, before any request.
 *
 * @returns the spec as authentik stores it: it trims every text, which would otherwise differ on the next run
 * @throws InputError naming what was expected and what was found
 * @internal
 */
export function validSpec(given: ApplicationSpec): ApplicationSpec {
  validateSlug(given.slug);
  const spec = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [
      field,
      typeof value === 'string' ? value.trim() : value,
    ]),
  ) as typeof given;
  const fieldWithNull = findNull(spec);
  if (fieldWithNull !== undefined) {
    throw new InputError(
      `${fieldWithNull} must not contain null characters: authentik accepts them nowhere.`,
    );
  }
  if (spec.signingKey !== undefined && spec.newSigningKey) {
    throw new InputError('Give either signingKey or newSigningKey, not both.');
  }
  if (spec.name === '') {
    throw new InputError('The application name must not be empty.');
  }
  refuseRepeatedBindings(spec.bindings ?? []);
  return spec;
}

/** The field with a null character, such as `bindings.0.group`. */
function findNull(value: unknown, field: string[] = []): string | undefined {
  if (typeof value === 'string') {
    return value.includes('\0') ? field.join('.') : undefined;
  }
  return Object.entries(value ?? {})
    .map(([key, member]) => findNull(member, [...field, key]))
    .find(Boolean);
}

/**
 * Refuses a slug that no server accepts.
 *
 * @throws InputError naming what was expected and what was found
 * @internal
 */
export function validateSlug(slug: string): void {
  if (!isSlug(slug) || slug.length > LONGEST_SLUG) {
    throw new InputError(
      `The application slug must be 1 to ${LONGEST_SLUG} letters, digits, "-" and "_"; found ${describeInput(
        slug,
      )}.`,
    );
  }
  if (RESERVED_SLUGS.includes(slug)) {
    throw new InputError(
      `authentik reserves the application slug "${slug}" for one of its endpoints. Choose another slug.`,
    );
  }
}

/** authentik accepts both, and the intended one of two different bindings cannot be determined. */
function refuseRepeatedBindings(bindings: BindingSpec[]): void {
  const subjects = bindings.map(({ group, user, policy }) =>
    JSON.stringify([group, user, policy]),
  );
  const repeated = subjects.findIndex(
    (subject, index) => subjects.indexOf(subject) !== index,
  );
  if (repeated >= 0) {
    throw new InputError(
      `Binding ${
        repeated + 1
      } names the same group, user or policy as binding ${
        subjects.indexOf(subjects[repeated]) + 1
      }. List each only once.`,
    );
  }
}
