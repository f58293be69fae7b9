/**
 * An endpoint the stand-in knows about and deliberately does not play.
 *
 * @public
 */
export interface NotSimulated {
  /** HTTP methods, or `*`. */
  method: string;
  /** Regular expression source of the path. */
  path: string;
  reason: string;
}

/**
 * The one list of what is left out. Such requests are answered with 501 and the reason.
 *
 * @public
 */
export const NOT_SIMULATED: readonly NotSimulated[] = [
  {
    method: '*',
    path: '/api/v3/rbac/.*',
    reason: 'roles are seeded; their administration is done by people',
  },
  {
    method: '*',
    path: '/api/v3/core/tokens/.*',
    reason: 'tokens are seeded; their administration is done by people',
  },
  {
    method: '*',
    path: '/api/v3/core/users/service_account/',
    reason: 'service accounts are seeded',
  },
  {
    method: 'POST PUT PATCH DELETE',
    path: '/api/v3/core/users/(?:[^/]+/)?',
    reason: 'users are only read',
  },
  {
    method: 'PUT PATCH',
    path: '/api/v3/core/groups/[^/]+/',
    reason: 'groups are made and deleted, and not changed',
  },
  {
    method: 'POST PUT PATCH DELETE',
    path: '/api/v3/propertymappings/.*',
    reason: 'scope mappings are only read',
  },
  {
    method: 'POST PUT PATCH DELETE',
    path: '/api/v3/flows/instances/.*',
    reason: 'flows are only read',
  },
  {
    method: 'POST PUT PATCH DELETE',
    path: '/api/v3/crypto/(?!certificatekeypairs/(generate|[0-9a-f-]+)/$).*',
    reason:
      'key pairs are generated and deleted, and neither imported nor changed',
  },
  {
    method: '*',
    path: '/api/v3/admin/file/.*',
    reason: 'no files are uploaded',
  },
  {
    method: '*',
    path: '/api/v3/core/applications/[^/]+/set_icon/',
    reason: 'icons are given by URL, not uploaded',
  },
  {
    method: '*',
    path: '/api/v3/events/events/(?:top_per_user|volume|stats)/',
    reason: 'statistics are not shown anywhere',
  },
  {
    method: '*',
    path: '/api/v3/core/(?:brands|application_entitlements|authenticated_sessions|user_consent)/.*',
    reason: 'brands, entitlements, sessions and consents are not looked at',
  },
  {
    method: '*',
    path: '/api/v3/providers/(?!oauth2/|all/).*',
    reason: 'only OAuth2 providers can be joined to a gateway',
  },
  {
    method: '*',
    path: '/api/v3/policies/(?!all/|bindings/).*',
    reason: 'policies are only read, through the list of all policies',
  },
  {
    method: 'GET',
    path: '/api/v3/propertymappings/(?!provider/scope/).*',
    reason: 'only scope mappings are looked up',
  },
  {
    method: '*',
    path: '/api/v3/flows/(?!instances/|executor/).*',
    reason: 'flows are not edited',
  },
  {
    method: '*',
    path: '/api/v3/events/(?!events/).*',
    reason: 'no notifications are sent',
  },
  {
    method: '*',
    path: '/api/v3/(?:authenticators|endpoints|enterprise|lifecycle|managed|oauth2|outposts|rac|reports|reputation|schema|sources|ssf|stages|tasks|tenants)/.*',
    reason: 'not needed to join a gateway to an application',
  },
  {
    method: '*',
    path: '/application/o/device/',
    reason: 'devices do not sign in here',
  },
];

/** @internal */
export function notSimulated(
  method: string,
  path: string,
): NotSimulated | undefined {
  return NOT_SIMULATED.find(
    gap =>
      (gap.method === '*' || gap.method.split(' ').includes(method)) &&
      new RegExp(`^${gap.path}$`).test(path),
  );
}
