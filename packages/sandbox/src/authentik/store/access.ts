import type { Application, Binding, User } from './model';
import type { Store } from './store';

function bindingPasses(store: Store, binding: Binding, user: User): boolean {
  let passes: boolean;
  if (binding.policy) {
    const policy = store.policies.find(one => one.pk === binding.policy);
    passes = policy?.passes ?? binding.failure_result;
  } else if (binding.group) {
    passes = user.groups.includes(binding.group);
  } else {
    passes = user.pk === binding.user;
  }
  return binding.negate ? !passes : passes;
}

/**
 * Whether the bindings of an application let a user in. Without an enabled binding everybody may,
 * superusers get no special treatment.
 *
 * @internal
 */
export function mayUse(
  store: Store,
  application: Application,
  user: User,
): boolean {
  const enabled = store.bindings.filter(
    binding => binding.target === application.pk && binding.enabled,
  );
  if (enabled.length === 0) return true;
  const results = enabled.map(binding => bindingPasses(store, binding, user));
  return application.policy_engine_mode === 'all'
    ? results.every(Boolean)
    : results.some(Boolean);
}
