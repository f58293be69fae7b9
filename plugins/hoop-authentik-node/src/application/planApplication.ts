import { describeValue, type PlanLine } from '../core';
import type {
  AuthentikApplicationFields,
  AuthentikKeyPair,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import {
  bindingPlanLines,
  endingNotes,
  planBindings,
  type BindingChange,
} from './bindings';
import type { ApplicationFacts } from './facts';
import {
  applicationPatch,
  newApplication,
  newProvider,
  providerPatch,
} from './fields';
import { chooseSigningKey } from './signingKey';
import type { ApplicationContext, ApplicationSpec } from './spec';

/**
 * The changes that make an application and its provider match the spec.
 *
 * @alpha
 */
export interface ApplicationPlan {
  /**
   * `create` neither exists; `join` one of the two exists without the other, or they are not joined; `update` both
   * exist and something differs; `unchanged` nothing to write.
   */
  action: 'create' | 'join' | 'update' | 'unchanged';
  changes: PlanLine[];
  /** Fields to send; empty where the object needs no change. For a new object, all of them. */
  application: AuthentikApplicationFields;
  provider: AuthentikProviderFields;
  bindings: BindingChange[];
  /** A certificate to make, which signs the tokens of this application alone. */
  newKey: { validityDays: number; instead?: AuthentikKeyPair } | undefined;
  /** What a reader of the plan has to know beside the changes, such as a configured certificate that cannot be used. */
  notes: string[];
}

/** As long as authentik's own. */
const SIGNING_KEY_DAYS = 365;

/**
 * Compares what is wanted with what was found; pure.
 *
 * @throws InputError when a named flow, certificate or scope does not exist or cannot be used
 * @internal
 */
export function planApplication(
  spec: ApplicationSpec,
  facts: ApplicationFacts,
  context: ApplicationContext,
): ApplicationPlan {
  const signingKey = chooseSigningKey(
    spec,
    facts.provider?.signingKey,
    facts,
    context,
  );
  const provider = facts.provider
    ? providerPatch(spec, facts.provider, signingKey.pk, facts, context)
    : newProvider(spec, signingKey.pk, facts, context);
  const application = facts.application
    ? applicationPatch(spec, facts.application)
    : newApplication(spec);
  const newKey =
    signingKey.pk === undefined
      ? {
          validityDays: context.signingKeyDays ?? SIGNING_KEY_DAYS,
          instead: signingKey.instead,
        }
      : undefined;
  const bindings = planBindings(
    facts.bindings.filter(({ pk }) => !context.granted?.includes(pk)),
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
    ...(newKey
      ? [
          {
            object: `authentik provider "${
              facts.provider?.name ?? provider.name
            }"`,
            field: 'signingKey',
            from: valueDescriber(facts)(facts.provider?.signingKey),
            to: 'a new certificate of its own',
          },
        ]
      : []),
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
    newKey,
    notes: [
      ...(signingKey.note === undefined ? [] : [signingKey.note]),
      ...endingNotes(facts.bindings, facts.wantedBindings, spec),
    ],
  };
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

/** One line for each field that changes. */
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
    ? `${value.matchingMode} ${value.url}${
        'redirectUriType' in value && value.redirectUriType
          ? ` (type ${value.redirectUriType})`
          : ''
      }`
    : value;
}
