/**
 * Permissions a token needs, by what is asked of the API. They did not change from authentik 2024.6 to 2026.8, and this
 * set is enough for everything the client does: no superuser is needed. Changing and deleting need the right to view
 * besides, since objects that may not be seen cannot be found.
 *
 * @internal
 */
export const PERMISSIONS = {
  viewApplication: 'authentik_core.view_application',
  addApplication: 'authentik_core.add_application',
  changeApplication: 'authentik_core.change_application',
  deleteApplication: 'authentik_core.delete_application',
  viewProvider: 'authentik_providers_oauth2.view_oauth2provider',
  addProvider: 'authentik_providers_oauth2.add_oauth2provider',
  changeProvider: 'authentik_providers_oauth2.change_oauth2provider',
  deleteProvider: 'authentik_providers_oauth2.delete_oauth2provider',
  viewFlow: 'authentik_flows.view_flow',
  viewKeyPair: 'authentik_crypto.view_certificatekeypair',
  viewScopeMapping: 'authentik_providers_oauth2.view_scopemapping',
  viewGroup: 'authentik_core.view_group',
  viewUser: 'authentik_core.view_user',
  previewUser: 'authentik_core.preview_user',
  viewPolicy: 'authentik_policies.view_policy',
  viewBinding: 'authentik_policies.view_policybinding',
  addBinding: 'authentik_policies.add_policybinding',
  changeBinding: 'authentik_policies.change_policybinding',
  deleteBinding: 'authentik_policies.delete_policybinding',
  viewEvent: 'authentik_events.view_event',
} as const;

/** @internal */
export type Permission = (typeof PERMISSIONS)[keyof typeof PERMISSIONS];

/**
 * The permission to see the objects that another permission is about: `app.change_x` needs `app.view_x`.
 *
 * @internal
 */
export function viewPermissionOf(permission: string): string | undefined {
  const view = permission.replace(/\.(change|delete)_/, '.view_');
  return view === permission ? undefined : view;
}
