import type { CheckDefinition } from './check';
import { withClaims, withoutPerson } from './withClaims';

/** The gateway keeps the whole access token in one cookie, and browsers drop a cookie above this size. */
const COOKIE_LIMIT = 4096;
const COOKIE_NAME = 'hoop_access_token=';

/** Header and signature of a token signed with the RSA 4096 key that authentik makes for itself, and their dots. */
const AROUND_CLAIMS = 150 + 683 + 2;

/** @internal */
export const tokenSize: CheckDefinition = {
  id: 'authentik.tokenSize',
  system: 'authentik',
  title: 'Access token fits into a cookie',
  why: 'The gateway keeps the whole access token, groups included, in one cookie, and browsers drop a cookie above 4 KB. The size is estimated from the claims of an administrator.',
  mend: 'Set URL_TOKEN_EXCHANGE=force on the gateway, or map fewer groups.',
  preflight: false,
  run: input =>
    withClaims(input, ({ username, claims }) => {
      if (username === undefined) {
        return withoutPerson(input);
      }
      const bytes =
        COOKIE_NAME.length +
        AROUND_CLAIMS +
        Math.ceil((Buffer.byteLength(JSON.stringify(claims)) * 4) / 3);
      const groups = Array.isArray(claims.groups) ? claims.groups.length : 0;
      const actual = `about ${bytes} bytes for "${username}" with ${groups} group${
        groups === 1 ? '' : 's'
      }`;
      return bytes <= COOKIE_LIMIT
        ? { status: 'pass', actual }
        : {
            status: 'warn',
            expected: `at most ${COOKIE_LIMIT} bytes`,
            actual,
            remedy:
              'Set URL_TOKEN_EXCHANGE=force on the gateway, or map fewer groups: browsers drop the cookie that carries the token, and nobody stays signed in.',
            link: input.desired.application.adminUrl,
          };
    }),
};
