import type { Binding, Group, Policy, User } from '../store/model';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import { briefGroup, briefUser, groupJson, userJson } from './serialize';

const POLICY_KINDS = {
  expression: ['ak-policy-expression-form', 'Expression Polic', 'expression'],
  event_matcher: [
    'ak-policy-event-matcher-form',
    'Event Matcher Polic',
    'event_matcher',
  ],
  password: ['ak-policy-password-form', 'Password Polic', 'password'],
};

function policyDetails(store: Store, policy: Policy): JsonObject {
  switch (policy.kind) {
    case 'expression':
      return { expression: policy.expression };
    case 'event_matcher':
      return {
        action: policy.action,
        client_ip: null,
        app: null,
        model: null,
        ...(store.modern && { query: null }),
      };
    default:
      return {
        password_field: 'password',
        amount_digits: 0,
        amount_uppercase: 0,
        amount_lowercase: 0,
        amount_symbols: 0,
        length_min: 8,
        symbol_charset: '!$%&()*+,-./:;<=>?@[]^_{|}~ ',
        error_message: 'Password needs to be 8 characters or longer.',
        check_static_rules: true,
        check_have_i_been_pwned: false,
        check_zxcvbn: true,
        hibp_allowed_count: 0,
        zxcvbn_score_threshold: 2,
      };
  }
}

/** @internal */
export function policyJson(store: Store, policy: Policy): JsonObject {
  const [component, verbose, app] = POLICY_KINDS[policy.kind];
  const bound = store.bindings.filter(one => one.policy === policy.pk).length;
  return {
    pk: policy.pk,
    name: policy.name,
    execution_logging: false,
    component,
    verbose_name: `${verbose}y`,
    verbose_name_plural: `${verbose}ies`,
    meta_model_name: `authentik_policies_${app}.${app.replace('_', '')}policy`,
    bound_to: policy.boundElsewhere + bound,
    ...policyDetails(store, policy),
  };
}

/** @internal */
export function bindingJson(store: Store, binding: Binding): JsonObject {
  const policy = store.policies.find(one => one.pk === binding.policy);
  const group = store.group(binding.group);
  const user = store.user(binding.user);
  const groupObject = (one: Group) =>
    store.modern ? briefGroup(store, one) : groupJson(store, one, true);
  const userObject = (one: User) =>
    store.modern ? briefUser(one) : userJson(store, one);
  return {
    pk: binding.pk,
    policy: binding.policy,
    group: binding.group,
    user: binding.user,
    policy_obj: policy ? policyJson(store, policy) : null,
    group_obj: group ? groupObject(group) : null,
    user_obj: user ? userObject(user) : null,
    target: binding.target,
    negate: binding.negate,
    enabled: binding.enabled,
    order: binding.order,
    timeout: binding.timeout,
    failure_result: binding.failure_result,
  };
}
