import { activeMembers } from '../observe/activeMembers';
import type { PreviewedClaims } from '../types';
import { skipped, withValue, type CheckInput, type Finding } from './check';

/**
 * Finds about the claims that the provider would issue; skipped while there is none.
 *
 * @internal
 */
export function withClaims(
  { observed }: CheckInput,
  find: (preview: PreviewedClaims) => Finding,
): Finding {
  return withValue(observed.authentik.claims, preview =>
    preview ? find(preview) : skipped('there is no OAuth2/OpenID provider yet'),
  );
}

/** Why nothing can be said of a person: there is no administrator, or we may not see their claims. @internal */
export function withoutPerson({ desired, observed }: CheckInput): Finding {
  const { adminGroup } = observed.authentik;
  const someone = adminGroup.ok && activeMembers(adminGroup.value).length > 0;
  return skipped(
    someone
      ? 'the token lacks authentik_core.preview_user, by which the claims of an administrator can be seen'
      : `the group "${desired.gateway.adminGroup}" has no active member to look at`,
  );
}
