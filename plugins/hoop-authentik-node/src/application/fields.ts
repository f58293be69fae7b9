import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikProvider,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import type { ApplicationFacts } from './facts';
import { unknownName } from './refusals';
import {
  DEFAULT_AUTHORIZATION_FLOW,
  DEFAULT_INVALIDATION_FLOW,
  leadsTo,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from './requirements';
import {
  providerNameOf,
  type ApplicationContext,
  type ApplicationSpec,
} from './spec';

/** The optional fields of an application, as given. */
function givenApplicationFields(
  spec: ApplicationSpec,
): AuthentikApplicationFields {
  return {
    name: spec.name,
    group: spec.group,
    policyEngineMode: spec.policyEngineMode,
    metaLaunchUrl: spec.launchUrl,
    metaIcon: spec.icon,
    metaPublisher: spec.publisher,
    metaDescription: spec.description,
    openInNewTab: spec.openInNewTab,
    metaHide: spec.hide,
  };
}

/** All fields of an application to create. @internal */
export function newApplication(
  spec: ApplicationSpec,
): AuthentikApplicationFields {
  return withoutUndefined({
    ...givenApplicationFields(spec),
    name: spec.name ?? spec.slug,
    slug: spec.slug,
  });
}

/** The given fields that differ. @internal */
export function applicationPatch(
  spec: ApplicationSpec,
  found: AuthentikApplication,
): AuthentikApplicationFields {
  return withoutUnknown(
    differing(givenApplicationFields(spec), found),
    found,
    'metaHide',
  );
}

/** The optional fields of a provider, as given. */
function givenProviderFields(
  spec: ApplicationSpec,
  facts: ApplicationFacts,
  context: ApplicationContext,
): AuthentikProviderFields {
  return {
    name: spec.providerName,
    authorizationFlow:
      spec.authorizationFlow === undefined
        ? undefined
        : flowPk(spec.authorizationFlow, facts, context),
    invalidationFlow:
      spec.invalidationFlow === undefined
        ? undefined
        : flowPk(spec.invalidationFlow, facts, context),
    accessCodeValidity: spec.accessCodeValidity,
    accessTokenValidity: spec.accessTokenValidity,
    refreshTokenValidity: spec.refreshTokenValidity,
    subMode: spec.subMode,
    logoutUri: spec.logoutUri,
  };
}

/**
 * All fields of a provider to create.
 *
 * @param signingKey - key of the chosen certificate; absent where one is made first
 * @throws InputError when a named flow or scope does not exist
 * @internal
 */
export function newProvider(
  spec: ApplicationSpec,
  signingKey: string | undefined,
  facts: ApplicationFacts,
  context: ApplicationContext,
): AuthentikProviderFields {
  const given = givenProviderFields(spec, facts, context);
  return withoutUndefined({
    ...given,
    name: providerNameOf(spec),
    clientType: 'confidential',
    authorizationFlow:
      given.authorizationFlow ??
      flowPk(DEFAULT_AUTHORIZATION_FLOW, facts, context),
    invalidationFlow:
      given.invalidationFlow ??
      flowPk(DEFAULT_INVALIDATION_FLOW, facts, context),
    redirectUris: [strictRedirectUri(context)],
    signingKey,
    propertyMappings: scopeMappingPks(spec, [], facts, context),
    grantTypes: [...REQUIRED_GRANT_TYPES],
    issuerMode: spec.issuerMode ?? 'per_provider',
    subMode: spec.subMode ?? 'hashed_user_id',
    includeClaimsInIdToken: true,
  });
}

/**
 * The fields that differ from what the guide requires. What the operator added (further redirect URIs, mappings, grant
 * types) stays.
 *
 * @param signingKey - key of the chosen certificate; absent where one is made first
 * @throws InputError when a named flow or scope does not exist
 * @internal
 */
export function providerPatch(
  spec: ApplicationSpec,
  found: AuthentikProvider,
  signingKey: string | undefined,
  facts: ApplicationFacts,
  context: ApplicationContext,
): AuthentikProviderFields {
  const patch = withoutUnknown(
    differing<AuthentikProviderFields>(
      {
        ...givenProviderFields(spec, facts, context),
        clientType: 'confidential',
        issuerMode: spec.issuerMode ?? 'per_provider',
        includeClaimsInIdToken: true,
        signingKey,
      },
      found,
    ),
    found,
    'logoutUri',
  );
  if (!leadsTo(found, context.redirectUri)) {
    patch.redirectUris = [...found.redirectUris, strictRedirectUri(context)];
  }
  const mappings = scopeMappingPks(
    spec,
    found.propertyMappings,
    facts,
    context,
  );
  if (mappings.length > found.propertyMappings.length) {
    patch.propertyMappings = mappings;
  }
  // Servers before 2026.5 have no such field.
  if (
    found.grantTypes &&
    REQUIRED_GRANT_TYPES.some(grant => !found.grantTypes!.includes(grant))
  ) {
    patch.grantTypes = [
      ...new Set([...found.grantTypes, ...REQUIRED_GRANT_TYPES]),
    ];
  }
  if (found.encryptionKey !== undefined) {
    // The gateway cannot decrypt tokens.
    patch.encryptionKey = null;
  }
  return patch;
}

function strictRedirectUri({ redirectUri }: ApplicationContext) {
  return {
    matchingMode: 'strict',
    url: redirectUri,
    redirectUriType: 'authorization',
  };
}

function flowPk(
  slug: string,
  { flows }: ApplicationFacts,
  { authentikBaseUrl }: ApplicationContext,
): string {
  const flow = flows.find(candidate => candidate.slug === slug);
  if (!flow) {
    throw unknownName(
      { baseUrl: authentikBaseUrl },
      'flow',
      slug,
      flows
        .filter(({ designation }) =>
          ['authorization', 'invalidation'].includes(designation),
        )
        .map(candidate => candidate.slug),
    );
  }
  return flow.pk;
}

function scopeMappingPks(
  spec: ApplicationSpec,
  present: string[],
  { scopeMappings }: ApplicationFacts,
  { authentikBaseUrl, extraScopes = [] }: ApplicationContext,
): string[] {
  const wanted = [
    ...new Set([
      ...REQUIRED_SCOPES,
      ...extraScopes,
      ...(spec.extraScopes ?? []),
    ]),
  ];
  const added = wanted.flatMap(scope => {
    const candidates = scopeMappings.filter(
      ({ scopeName }) => scopeName === scope,
    );
    if (candidates.some(({ pk }) => present.includes(pk))) {
      return [];
    }
    // authentik's own mapping of a scope takes precedence over a custom one.
    const mapping =
      candidates.find(({ managed }) => managed !== undefined) ?? candidates[0];
    if (!mapping) {
      throw unknownName(
        { baseUrl: authentikBaseUrl },
        'scope mapping for the scope',
        scope,
        scopeMappings.map(({ scopeName }) => scopeName),
      );
    }
    return [mapping.pk];
  });
  return [...present, ...added];
}

/** The members that are given. */
function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}

/** The given fields whose value differs from the one found. */
function differing<T extends object>(given: T, found: object): T {
  const present = found as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => value !== undefined && value !== present[key],
    ),
  ) as T;
}

/** Older servers neither return nor keep the field: sending it is a write on every run that changes nothing. */
function withoutUnknown<K extends string, T extends { [key in K]?: unknown }>(
  fields: T,
  found: { [key in K]: unknown },
  field: K,
): T {
  return found[field] === undefined
    ? withoutUndefined({ ...fields, [field]: undefined })
    : fields;
}
