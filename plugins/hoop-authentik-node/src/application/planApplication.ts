import { InputError } from '@backstage/errors';
import type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikProvider,
  AuthentikProviderFields,
} from '../authentik/types';
import type { PlanLine } from '../targets/types';
import { describeValue } from '../support';
import { missing, providerNameOf, type ApplicationFacts } from './lookups';
import {
  DEFAULT_AUTHORIZATION_FLOW,
  DEFAULT_INVALIDATION_FLOW,
  isStrictRedirectUri,
  keyPairObjection,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from './requirements';
import { planBindings, type BindingChange } from './planBindings';
import type { ApplicationSpec } from './types';

/**
 * What is left to do to make an application and its provider as wanted.
 *
 * @public
 */
export interface ApplicationPlan {
  /**
   * `create` neither exists; `join` one of the two exists without the other, or they are not joined; `update` both
   * exist and something differs; `unchanged` nothing to write.
   */
  action: 'create' | 'join' | 'update' | 'unchanged';
  changes: PlanLine[];
  /** Fields to send; empty where the object is as wanted. For a new object, all of them. */
  application: AuthentikApplicationFields;
  provider: AuthentikProviderFields;
  bindings: BindingChange[];
}

/** What the guide and the operator's configuration add to a spec. @public */
export interface ApplicationContext {
  authentikBaseUrl: string;
  redirectUri: string;
  /** Certificate named in app-config. */
  preferredSigningKey: string | undefined;
  now: Date;
}

/**
 * Compares what is wanted with what was found; pure.
 *
 * @throws InputError when a named flow, certificate or scope does not exist or cannot be used
 * @public
 */
export function planApplication(
  spec: ApplicationSpec,
  facts: ApplicationFacts,
  context: ApplicationContext,
): ApplicationPlan {
  const provider = facts.provider
    ? providerPatch(spec, facts.provider, facts, context)
    : newProvider(spec, facts, context);
  const application = facts.application
    ? applicationPatch(spec, facts.application)
    : newApplication(spec);
  const bindings = planBindings(
    facts.bindings,
    facts.wantedBindings,
    spec.bindingsMode ?? 'additive',
  );

  const joined =
    facts.application?.provider !== undefined &&
    facts.application.provider === facts.provider?.pk;
  const changes = [
    ...planLines(
      `authentik application "${spec.slug}"`,
      application,
      facts.application,
      describeValue,
    ),
    ...planLines(
      `authentik provider "${facts.provider?.name ?? provider.name}"`,
      provider,
      facts.provider,
      valueDescriber(facts),
    ),
    ...(joined || (!facts.application && !facts.provider)
      ? []
      : [
          {
            object: `authentik application "${spec.slug}"`,
            field: 'provider',
            from: describeValue(facts.application?.provider),
            to: describeValue(facts.provider?.name ?? provider.name),
          },
        ]),
    ...bindingPlanLines(bindings, spec),
  ];
  return {
    action: actionOf(facts, joined, changes),
    changes,
    application,
    provider,
    bindings,
  };
}

/** @internal */
export function bindingPlanLines(
  bindings: BindingChange[],
  spec: Pick<ApplicationSpec, 'slug' | 'bindings'>,
): PlanLine[] {
  return bindings.map(change => ({
    object: `authentik application "${spec.slug}"`,
    field: `binding ${describeSubject(change.subject, spec)}`,
    from: change.from,
    to: change.to,
  }));
}

function actionOf(
  facts: ApplicationFacts,
  joined: boolean,
  changes: PlanLine[],
): ApplicationPlan['action'] {
  if (!facts.application && !facts.provider) {
    return 'create';
  }
  if (!joined) {
    return 'join';
  }
  return changes.length > 0 ? 'update' : 'unchanged';
}

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

function newApplication(spec: ApplicationSpec): AuthentikApplicationFields {
  return withoutUndefined({
    ...givenApplicationFields(spec),
    name: spec.name ?? spec.slug,
    slug: spec.slug,
  });
}

function applicationPatch(
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

function newProvider(
  spec: ApplicationSpec,
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
    signingKey: chooseSigningKey(spec, undefined, facts, context),
    propertyMappings: scopeMappingPks(spec, [], facts, context),
    grantTypes: [...REQUIRED_GRANT_TYPES],
    issuerMode: spec.issuerMode ?? 'per_provider',
    subMode: spec.subMode ?? 'hashed_user_id',
    includeClaimsInIdToken: true,
  });
}

/**
 * What the guide requires is put right; what the operator added (further redirect URIs, mappings, grant types) stays.
 */
function providerPatch(
  spec: ApplicationSpec,
  found: AuthentikProvider,
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
        signingKey: chooseSigningKey(spec, found.signingKey, facts, context),
      },
      found,
    ),
    found,
    'logoutUri',
  );
  if (
    !found.redirectUris.some(uri =>
      isStrictRedirectUri(uri, context.redirectUri),
    )
  ) {
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
  // Servers before 2026.5 have no such field and do not name it.
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
    throw missing(
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

/** A named certificate must be usable; else the present one is kept if it is, else a usable one is chosen. */
function chooseSigningKey(
  spec: ApplicationSpec,
  present: string | undefined,
  { keyPairs }: ApplicationFacts,
  { authentikBaseUrl, preferredSigningKey, now }: ApplicationContext,
): string {
  const usable = keyPairs.filter(pair => !keyPairObjection(pair, now));
  if (spec.signingKey !== undefined) {
    const named = keyPairs.find(({ name }) => name === spec.signingKey);
    if (!named) {
      throw missing(
        { baseUrl: authentikBaseUrl },
        'certificate with a private key',
        spec.signingKey,
        usable.map(({ name }) => name),
      );
    }
    const objection = keyPairObjection(named, now);
    if (objection) {
      throw new InputError(
        `The authentik certificate "${named.name}" cannot sign tokens: ${objection}. Give another certificate.`,
      );
    }
    return named.pk;
  }
  const chosen =
    usable.find(({ pk }) => pk === present) ??
    usable.find(({ name }) => name === preferredSigningKey) ??
    usable[0];
  if (!chosen) {
    throw new InputError(
      `authentik at ${authentikBaseUrl} has no certificate that can sign tokens: expected one with an RSA or EC ` +
        'private key that has not expired and that the token may see. Generate one under System > Certificates.',
    );
  }
  return chosen.pk;
}

function scopeMappingPks(
  spec: ApplicationSpec,
  present: string[],
  { scopeMappings }: ApplicationFacts,
  { authentikBaseUrl }: ApplicationContext,
): string[] {
  const wanted = [
    ...new Set([...REQUIRED_SCOPES, ...(spec.extraScopes ?? [])]),
  ];
  const added = wanted.flatMap(scope => {
    const candidates = scopeMappings.filter(
      ({ scopeName }) => scopeName === scope,
    );
    if (candidates.some(({ pk }) => present.includes(pk))) {
      return [];
    }
    // authentik's own mapping of a scope is preferred over one that somebody made.
    const mapping =
      candidates.find(({ managed }) => managed !== undefined) ?? candidates[0];
    if (!mapping) {
      throw missing(
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

/** Older servers neither name nor keep the field: to send it would be a write on every run that changes nothing. */
function withoutUnknown<K extends string, T extends { [key in K]?: unknown }>(
  fields: T,
  found: { [key in K]: unknown },
  field: K,
): T {
  return found[field] === undefined
    ? withoutUndefined({ ...fields, [field]: undefined })
    : fields;
}

function planLines(
  object: string,
  fields: object,
  found: object | undefined,
  describe: (value: unknown) => string,
): PlanLine[] {
  const present = (found ?? {}) as Record<string, unknown>;
  return Object.entries(fields).map(([field, to]) => ({
    object,
    field,
    from: describe(present[field]),
    to: describe(to),
  }));
}

/** Shows keys of flows, certificates and mappings by name, and redirect URIs as people write them. */
function valueDescriber({ flows, keyPairs, scopeMappings }: ApplicationFacts) {
  const names = new Map<unknown, string>([
    ...flows.map(({ pk, slug }) => [pk, slug] as const),
    ...keyPairs.map(({ pk, name }) => [pk, name] as const),
    ...scopeMappings.map(({ pk, scopeName }) => [pk, scopeName] as const),
  ]);
  return (value: unknown): string =>
    describeValue(
      Array.isArray(value)
        ? value.map(one => names.get(one) ?? redirectUriText(one))
        : names.get(value) ?? value,
    );
}

function redirectUriText(value: unknown): unknown {
  return typeof value === 'object' &&
    value !== null &&
    'matchingMode' in value &&
    'url' in value
    ? `${value.matchingMode} ${value.url}`
    : value;
}

function describeSubject(
  subject: BindingChange['subject'],
  spec: Pick<ApplicationSpec, 'bindings'>,
): string {
  const given =
    subject.index === undefined ? undefined : spec.bindings?.[subject.index];
  if (!given) {
    return subject.key;
  }
  if (given.group !== undefined) {
    return `group "${given.group}"`;
  }
  return given.user === undefined
    ? `policy "${given.policy}"`
    : `user "${given.user}"`;
}
