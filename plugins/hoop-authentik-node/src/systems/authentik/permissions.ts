/**
 * Permissions a token needs for each kind of call. They did not change from authentik 2024.6 to 2026.8, and this set
 * covers everything the client does, without a superuser. Changing and deleting also need the right to view, because
 * authentik does not find objects that the token may not view.
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
  addKeyPair: 'authentik_crypto.add_certificatekeypair',
  deleteKeyPair: 'authentik_crypto.delete_certificatekeypair',
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
  viewBlueprint: 'authentik_blueprints.view_blueprintinstance',
} as const;
