/** What the message for a token without any permission has to name, in its order. @internal */
export const PERMISSIONS_NEEDED = [
  'authentik_core.add_application',
  'authentik_core.view_application',
  'authentik_core.view_group',
  'authentik_core.view_user',
  'authentik_crypto.view_certificatekeypair',
  'authentik_flows.view_flow',
  'authentik_policies.add_policybinding',
  'authentik_policies.view_policy',
  'authentik_policies.view_policybinding',
  'authentik_providers_oauth2.add_oauth2provider',
  'authentik_providers_oauth2.view_oauth2provider',
  'authentik_providers_oauth2.view_scopemapping',
].join(', ');
