/**
 * The URLs of an application, as seen from the host the caller used.
 *
 * @internal
 */
export function endpointsOf(baseUrl: string, slug: string) {
  const root = `${baseUrl}/application/o`;
  return {
    authorize: `${root}/authorize/`,
    token: `${root}/token/`,
    userinfo: `${root}/userinfo/`,
    introspect: `${root}/introspect/`,
    revoke: `${root}/revoke/`,
    device: `${root}/device/`,
    issuer: `${root}/${slug}/`,
    discovery: `${root}/${slug}/.well-known/openid-configuration`,
    jwks: `${root}/${slug}/jwks/`,
    endSession: `${root}/${slug}/end-session/`,
  };
}
