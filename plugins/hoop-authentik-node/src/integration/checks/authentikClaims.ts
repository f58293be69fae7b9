import { activeMembers } from '../observe';
import type { PreviewedClaims } from '../types';
import {
  counted,
  NO_PROVIDER,
  pass,
  skipped,
  withAuthentik,
  withProvider,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

const REPAIR = { fix: { action: 'repair' } } as const;

/** @internal */
export const scopes: CheckDefinition = {
  id: 'authentik.scopes',
  system: 'authentik',
  title: 'Scopes openid, email and profile are mapped',
  why: 'Without the mappings of email and profile, neither an email address nor groups reach the gateway.',
  remedy: 'Run the software template again: it adds the mappings.',
  preflight: true,
  run: input =>
    withProvider(input, ({ propertyMappings }) =>
      withAuthentik(input, 'discovery', document => {
        // The document lists the scopes of the mappings, and always "openid", whose mapping adds no claim.
        const mapped =
          propertyMappings.length > 0 ? document?.scopes ?? [] : [];
        const missing = input.desired.scopes
          .filter(scope => !mapped.includes(scope))
          .join(', ');
        const expected = input.desired.scopes.join(', ');
        const actual = mapped.join(', ') || 'none';
        const evidence = {
          expected,
          actual,
          link: input.desired.application.adminUrl,
          params: { expected, found: actual, missing },
        };
        return missing === ''
          ? { status: 'pass', ...evidence }
          : {
              status: 'fail',
              ...evidence,
              remedy: `Run the software template again: it adds the mapping of ${missing}. Without it the gateway sees no groups or no email address.`,
              ...REPAIR,
            };
      }),
    ),
};

/** Finds about the claims that the provider would issue; skipped while there is none. */
function withClaims(
  input: CheckInput,
  find: (preview: PreviewedClaims) => Finding,
): Finding {
  return withAuthentik(input, 'claims', preview =>
    preview ? find(preview) : NO_PROVIDER,
  );
}

/** @internal */
export const groupsClaim: CheckDefinition = {
  id: 'authentik.groups-claim',
  system: 'authentik',
  title: 'Groups reach the gateway in the claim it reads',
  why: 'The gateway decides by the groups in the id_token who is an administrator and who may use which connection.',
  remedy:
    'Run the software template again: it maps the scope profile. A mapping of your own for that scope has to return the names of all groups too.',
  preflight: true,
  run: input =>
    withClaims(input, ({ username, claims }) => {
      const { groupsClaim: claim } = input.desired;
      const found = claims[claim];
      const { adminGroup } = input.desired.gateway;
      const link = input.desired.application.adminUrl;
      if (!Array.isArray(found)) {
        const absent = found === undefined || found === null;
        return {
          status: 'fail',
          expected: `the claim "${claim}" with a list of names`,
          actual: absent
            ? `no such claim among ${Object.keys(claims).join(', ')}`
            : `a claim of type ${typeof found} instead of a list`,
          remedy:
            'Run the software template again: it maps the scope profile, which carries the groups. A mapping of your own for that scope has to return them too.',
          link,
          params: {
            case: absent ? 'absent' : 'no-list',
            claim,
            claims: Object.keys(claims).join(', '),
          },
          ...REPAIR,
        };
      }
      // Nothing is known of our own account; a user who was chosen for being a member has to have the group.
      return username === undefined || found.includes(adminGroup)
        ? pass(`the claim "${claim}"`, {
            params: { claim },
          })
        : {
            status: 'fail',
            expected: `the claim "${claim}" of "${username}" with "${adminGroup}", a group of this user`,
            actual:
              found.length > 0
                ? `${found.length} others, without "${adminGroup}"`
                : 'an empty list',
            remedy:
              'Correct the property mapping of the scope profile: it has to return the names of all groups of a user, byte for byte.',
            link,
            params: {
              case: 'group-missing',
              claim,
              username,
              adminGroup,
              count: found.length,
            },
          };
    }),
};

/** @internal */
export const emailClaim: CheckDefinition = {
  id: 'authentik.email-claim',
  system: 'authentik',
  title: 'Email address reaches the gateway',
  why: 'The gateway identifies people by their email address alone: to the gateway, all users without one are the same person.',
  remedy:
    'Run the software template again: it maps the scope email. Give each user who signs in an email address.',
  preflight: true,
  run: input =>
    withClaims(input, ({ username, claims }) => {
      const link = input.desired.application.adminUrl;
      if (typeof claims.email !== 'string') {
        const found = Object.keys(claims).join(', ');
        return {
          status: 'fail',
          expected: 'the claim "email"',
          actual: `no such claim among ${found}`,
          remedy:
            'Run the software template again: it maps the scope email. The gateway identifies people by their email address alone.',
          link,
          params: { claims: found },
          ...REPAIR,
        };
      }
      return username !== undefined && claims.email.trim() === ''
        ? {
            status: 'warn',
            expected: 'an email address',
            actual: `"${username}" has none`,
            remedy:
              'Give the user an email address in authentik: to the gateway, all users without one are the same person.',
            link,
            params: { username },
          }
        : pass('the claim "email"');
    }),
};

/** The gateway keeps the whole access token in one cookie, and browsers drop a cookie above this size. */
const COOKIE_LIMIT = 4096;
const COOKIE_NAME = 'hoop_access_token=';

/** Header and signature of a token signed with the RSA 4096 key that authentik generates for itself, and their dots. */
const AROUND_CLAIMS = 150 + 683 + 2;

/** @internal */
export const tokenSize: CheckDefinition = {
  id: 'authentik.token-size',
  system: 'authentik',
  title: 'Access token fits into a cookie',
  why: 'The gateway keeps the whole access token, groups included, in one cookie, and browsers drop a cookie above 4 KB. The size is estimated from the claims of an administrator.',
  remedy: 'Set URL_TOKEN_EXCHANGE=force on the gateway, or map fewer groups.',
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
      const actual = `about ${bytes} bytes for "${username}" with ${counted(
        groups,
        'group',
      )}`;
      const params = { bytes, groups, username, limit: COOKIE_LIMIT };
      return bytes <= COOKIE_LIMIT
        ? pass(actual, { params })
        : {
            status: 'warn',
            expected: `at most ${COOKIE_LIMIT} bytes`,
            actual,
            remedy:
              'Set URL_TOKEN_EXCHANGE=force on the gateway, or map fewer groups: browsers drop the cookie that carries the token, and people are signed out.',
            link: input.desired.application.adminUrl,
            params,
          };
    }),
};

/** Why no person can be looked at: there is no administrator, or we may not see their claims. */
function withoutPerson({ desired, observed }: CheckInput): Finding {
  const { adminGroup } = observed.authentik;
  return adminGroup.ok && activeMembers(adminGroup.value).length > 0
    ? skipped(
        'the token lacks authentik_core.preview_user, which shows the claims of an administrator',
        { case: 'not-permitted' },
      )
    : skipped(
        `the group "${desired.gateway.adminGroup}" has no active member to look at`,
        { case: 'no-member', adminGroup: desired.gateway.adminGroup },
      );
}
