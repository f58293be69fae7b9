import type { Binding } from '../store/model';
import type { Store } from '../store/store';
import { newUuid } from '../support/random';
import type { Answer } from '../support/http';
import type { ApiRequest, Route } from './api';
import { byPk, Crash, created, demand, invalid, noContent, ok } from './api';
import type { Field } from './fields';
import { checkBody, flag, integer, numericKey, uuidKey } from './fields';
import type { ListView } from './list';
import { demandRelated, listItems } from './list';
import { bindingJson } from './serializePolicies';

const MODEL = 'authentik_policies';
const SUBJECTS = ['group', 'policy', 'user'] as const;

/** @internal */
export function bindingFields(store: Store, withTarget: boolean): Field[] {
  const nullable = { nullable: true };
  const target: Field = {
    name: 'target',
    required: true,
    check: uuidKey(pk => store.applications.some(one => one.pk === pk)),
  };
  return [
    {
      name: 'policy',
      check: uuidKey(pk => store.policies.some(one => one.pk === pk), nullable),
      fallback: () => null,
    },
    {
      name: 'group',
      check: uuidKey(pk => Boolean(store.group(pk)), nullable),
      fallback: () => null,
    },
    {
      name: 'user',
      check: numericKey(pk => Boolean(store.user(pk)), nullable),
      fallback: () => null,
    },
    ...(withTarget ? [target] : []),
    { name: 'negate', check: flag, fallback: () => false },
    { name: 'enabled', check: flag, fallback: () => true },
    { name: 'order', required: true, check: integer() },
    { name: 'timeout', check: integer({ min: 0 }), fallback: () => 30 },
    { name: 'failure_result', check: flag, fallback: () => false },
  ];
}

/**
 * Exactly one of group, policy and user. Only members of the request count, which is why a change
 * can leave a binding with two subjects.
 *
 * @internal
 */
export function subjectProblem(
  values: Record<string, unknown>,
): string | undefined {
  const set = SUBJECTS.filter(name => values[name] ?? false);
  if (set.length === 1) return undefined;
  const names = "'group', 'policy', 'user'";
  return set.length
    ? `Only one of ${names} can be set.`
    : `One of ${names} must be set.`;
}

/** @internal */
export function insertBinding(
  store: Store,
  values: Record<string, unknown>,
): Binding {
  const binding = { pk: newUuid(), ...values } as Binding;
  store.bindings.push(binding);
  return binding;
}

function refuseSubject(values: Record<string, unknown>): void {
  const problem = subjectProblem(values);
  if (problem) throw invalid({ non_field_errors: [problem] });
}

function create(request: ApiRequest): Answer {
  const { store } = request;
  demand(request, `${MODEL}.add_policybinding`);
  const { values, errors } = checkBody(
    bindingFields(store, true),
    request.body(),
    { create: true },
  );
  if (errors) throw invalid(errors);
  refuseSubject(values);
  const twin =
    values.policy &&
    store.bindings.some(
      one =>
        one.policy === values.policy &&
        one.target === values.target &&
        one.order === values.order,
    );
  if (twin) {
    throw invalid({
      non_field_errors: [
        'The fields policy, target, order must make a unique set.',
      ],
    });
  }
  return created(bindingJson(store, insertBinding(store, values)));
}

function visible(request: ApiRequest): Binding {
  demand(request, `${MODEL}.view_policybinding`);
  return byPk(request, request.store.bindings, 'PolicyBinding');
}

function change(request: ApiRequest, partial: boolean): Answer {
  const { store } = request;
  const binding = visible(request);
  demand(request, `${MODEL}.change_policybinding`);
  const { values, errors } = checkBody(
    bindingFields(store, true),
    request.body(),
    { partial },
  );
  if (errors) throw invalid(errors);
  if (!('target' in values)) {
    throw new Crash('the server reads the target without looking for it');
  }
  refuseSubject(values);
  Object.assign(binding, values);
  return ok(bindingJson(store, binding));
}

function view(store: Store): ListView<Binding> {
  return {
    exact: {
      policy: one => one.policy,
      policy__isnull: one => one.policy === null,
      target: one => one.target,
      enabled: one => one.enabled,
      order: one => one.order,
      timeout: one => one.timeout,
    },
    search: one => [
      store.policies.find(policy => policy.pk === one.policy)?.name ?? '',
    ],
    ordering: { order: one => one.order, enabled: one => one.enabled },
    defaultOrder: 'order',
    serialize: one => bindingJson(store, one),
  };
}

/**
 * Everything below `policies/bindings/`.
 *
 * @internal
 */
export const bindingRoutes: Route[] = [
  {
    path: 'policies/bindings/',
    methods: {
      GET: request => {
        const { store } = request;
        demand(request, `${MODEL}.view_policybinding`);
        demandRelated(request, 'target', pk =>
          store.applications.some(one => one.pk === pk),
        );
        return listItems(request, view(store), store.bindings);
      },
      POST: create,
    },
  },
  {
    path: 'policies/bindings/([^/]+)/',
    methods: {
      GET: request => ok(bindingJson(request.store, visible(request))),
      PUT: request => change(request, false),
      PATCH: request => change(request, true),
      DELETE: request => {
        const { store } = request;
        const binding = visible(request);
        demand(request, `${MODEL}.delete_policybinding`);
        store.bindings = store.bindings.filter(one => one !== binding);
        return noContent();
      },
    },
  },
];
