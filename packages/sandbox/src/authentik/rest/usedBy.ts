import type {
  Application,
  Binding,
  Flow,
  Group,
  KeyPair,
  Provider,
} from '../store/model';
import type { JsonObject } from '../../json';
import type { ApiRequest } from './api';

function use(
  app: string,
  model: string,
  pk: string | number,
  name: string,
  action: string,
): JsonObject {
  return { app, model_name: model, pk: String(pk), name, action };
}

function bindingName(request: ApiRequest, binding: Binding): string {
  const { store } = request;
  const target =
    store.applications.find(one => one.pk === binding.target)?.name ?? '';
  const policy = store.policies.find(one => one.pk === binding.policy);
  const group = store.group(binding.group);
  const user = store.user(binding.user);
  let bound = `User ${user?.name}`;
  if (policy) bound = `Policy ${policy.name}`;
  else if (group) bound = `Group ${group.name}`;
  return `Binding from ${target} #${binding.order} to ${bound}`;
}

/** Only what the caller may see is listed. */
function bindingUses(
  request: ApiRequest,
  matches: (binding: Binding) => boolean,
): JsonObject[] {
  const { store } = request;
  if (!store.may(request.user, 'authentik_policies.view_policybinding')) {
    return [];
  }
  return store.bindings
    .filter(matches)
    .map(binding =>
      use(
        'authentik_policies',
        'policybinding',
        binding.pk,
        bindingName(request, binding),
        'cascade',
      ),
    );
}

/** @internal */
export function usedByApplication(
  request: ApiRequest,
  application: Application,
): JsonObject[] {
  return bindingUses(request, one => one.target === application.pk);
}

/** @internal */
export function usedByProvider(
  request: ApiRequest,
  provider: Provider,
): JsonObject[] {
  return request.store
    .mappingsOf(provider)
    .map(mapping =>
      use(
        'authentik_core',
        'propertymapping',
        mapping.pk,
        `Property Mapping ${mapping.name}`,
        'cascade_many',
      ),
    );
}

/** @internal */
export function usedByGroup(request: ApiRequest, group: Group): JsonObject[] {
  return [
    ...bindingUses(request, one => one.group === group.pk),
    ...request.store
      .membersOf(group)
      .map(user =>
        use('authentik_core', 'user', user.pk, user.username, 'cascade_many'),
      ),
  ];
}

/** @internal */
export function usedByFlow(request: ApiRequest, flow: Flow): JsonObject[] {
  return request.store.providers
    .filter(
      one =>
        one.authorization_flow === flow.pk || one.invalidation_flow === flow.pk,
    )
    .map(one => use('authentik_core', 'provider', one.pk, one.name, 'cascade'));
}

/** @internal */
export function usedByKeyPair(
  request: ApiRequest,
  pair: KeyPair,
): JsonObject[] {
  const { store } = request;
  // Only what the caller may see is listed.
  if (
    !store.may(request.user, 'authentik_providers_oauth2.view_oauth2provider')
  ) {
    return [];
  }
  return store.providers
    .filter(one => [one.signing_key, one.encryption_key].includes(pair.pk))
    .map(one =>
      use(
        'authentik_providers_oauth2',
        'oauth2provider',
        one.pk,
        one.name,
        'set_null',
      ),
    );
}
