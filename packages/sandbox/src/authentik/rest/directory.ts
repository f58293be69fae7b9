import type { Group, Policy, User } from '../store/model';
import type { Store } from '../store/store';
import type { ApiRequest, Route } from './api';
import {
  ApiError,
  byPk,
  created,
  demand,
  DETAIL_WRITES,
  invalid,
  LIST_WRITES,
  noContent,
  notFound,
  ok,
  wants,
} from './api';
import { checkBody, integer, listOf, text } from './fields';
import type { ListView } from './list';
import { listItems } from './list';
import { groupJson, userJson } from './serialize';
import { policyJson } from './serializePolicies';
import { usedByGroup } from './usedBy';

function groupView(request: ApiRequest): ListView<Group> {
  const { store } = request;
  return {
    exact: {
      name: group => group.name,
      is_superuser: group => group.isSuperuser,
    },
    search: group => [group.name],
    ordering: { name: group => group.name },
    defaultOrder: 'name',
    model: store.modern ? 'authentik_core.group' : undefined,
    serialize: group =>
      groupJson(store, group, wants(request, 'include_users')),
  };
}

function userView(request: ApiRequest): ListView<User> {
  const { store } = request;
  return {
    exact: {
      username: user => user.username,
      email: user => user.email,
      name: user => user.name,
      uuid: user => user.uuid,
      type: user => user.type,
      is_active: user => user.isActive,
    },
    search: user => [user.username, user.name, user.email],
    ordering: {
      username: user => user.username,
      pk: user => user.pk,
      name: user => user.name,
    },
    defaultOrder: 'username',
    model: 'authentik_core.user',
    serialize: user =>
      userJson(store, user, {
        groups: wants(request, 'include_groups'),
        roles: wants(request, 'include_roles'),
      }),
  };
}

function policyView(store: Store): ListView<Policy> {
  return {
    exact: {
      bindings__isnull: policy =>
        !policy.hasBinding &&
        !store.bindings.some(one => one.policy === policy.pk),
    },
    search: policy => [policy.name],
    ordering: { name: policy => policy.name },
    defaultOrder: 'name',
    serialize: policy => policyJson(store, policy),
  };
}

function groupOf(request: ApiRequest): Group {
  demand(request, 'authentik_core.view_group');
  return byPk(request, request.store.groups, 'Group');
}

function createGroup(request: ApiRequest) {
  const { store } = request;
  demand(request, 'authentik_core.add_group');
  const { values, errors } = checkBody(
    [
      {
        name: 'name',
        required: true,
        check: text({
          // Unique only on newer servers.
          verify: name =>
            store.modern && store.groups.some(one => one.name === name)
              ? 'Group with this name already exists.'
              : undefined,
        }),
      },
      { name: 'users', fallback: () => [], check: listOf(integer()) },
    ],
    request.body(),
    { create: true },
  );
  if (errors) throw invalid(errors);
  const group = store.addGroup(String(values.name));
  for (const user of store.users) {
    if ((values.users as number[]).includes(user.pk)) {
      user.groups.push(group.pk);
    }
  }
  return created(groupJson(store, group, true));
}

/** Takes its memberships and bindings with it. */
function deleteGroup(request: ApiRequest) {
  const { store } = request;
  const group = groupOf(request);
  demand(request, 'authentik_core.delete_group');
  store.groups = store.groups.filter(one => one !== group);
  store.bindings = store.bindings.filter(one => one.group !== group.pk);
  for (const user of store.users) {
    user.groups = user.groups.filter(pk => pk !== group.pk);
  }
  return noContent();
}

/**
 * Whom and what a binding can name: groups, users, policies.
 *
 * @internal
 */
export const directoryRoutes: Route[] = [
  {
    path: 'core/groups/',
    methods: {
      POST: createGroup,
      GET: request => {
        demand(request, 'authentik_core.view_group');
        return listItems(request, groupView(request), request.store.groups);
      },
    },
  },
  {
    path: 'core/groups/([^/]+)/',
    alsoAllows: DETAIL_WRITES,
    methods: {
      GET: request =>
        ok(
          groupJson(
            request.store,
            groupOf(request),
            wants(request, 'include_users'),
          ),
        ),
      DELETE: deleteGroup,
    },
  },
  {
    path: 'core/groups/([^/]+)/used_by/',
    methods: {
      GET: request => ok(usedByGroup(request, groupOf(request))),
    },
  },
  {
    path: 'core/users/',
    alsoAllows: LIST_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_core.view_user');
        return listItems(request, userView(request), request.store.users);
      },
    },
  },
  {
    path: 'core/users/([^/]+)/',
    alsoAllows: DETAIL_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_core.view_user');
        const pk = Number(request.params[0]);
        if (!Number.isInteger(pk)) {
          throw new ApiError(404, { detail: 'Not found.' });
        }
        const user = request.store.user(pk);
        if (!user) throw notFound('User');
        return ok(userJson(request.store, user));
      },
    },
  },
  {
    path: 'policies/all/',
    methods: {
      GET: request => {
        demand(request, 'authentik_policies.view_policy');
        return listItems(
          request,
          policyView(request.store),
          request.store.policies,
        );
      },
    },
  },
  {
    path: 'policies/all/([^/]+)/',
    alsoAllows: ['DELETE'],
    methods: {
      GET: request => {
        demand(request, 'authentik_policies.view_policy');
        return ok(
          policyJson(
            request.store,
            byPk(request, request.store.policies, 'Policy'),
          ),
        );
      },
    },
  },
];
