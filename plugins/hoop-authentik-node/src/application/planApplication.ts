import type {
  AuthentikApplicationFields,
  AuthentikProviderFields,
} from '../systems/authentik/types';
import { describeValue, type PlanLine } from '../core';
import type { ApplicationContext } from './ApplicationContext';
import { applicationPatch, newApplication } from './applicationFields';
import type { ApplicationFacts } from './lookups';
import { planBindings, type BindingChange } from './planBindings';
import { bindingPlanLines, planLines, valueDescriber } from './planLines';
import { newProvider, providerPatch } from './providerFields';
import { chooseSigningKey } from './signingKey';
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
  /** What whoever reads the plan has to know beside the changes, such as a configured certificate that is of no use. */
  notes: string[];
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
    notes: signingKey.note === undefined ? [] : [signingKey.note],
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
