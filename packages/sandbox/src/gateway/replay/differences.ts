import type { Difference } from '../../replay/differences';

/** Where the stand-in boots or answers otherwise than the recorded gateway, and why. @internal */
export const GATEWAY_DIFFERENCES: Difference[] = [
  {
    scenario: 'boot',
    titles: ['POSTGRES_DB_URI …', 'PLUGIN_AUDIT_PATH not creatable'],
    reason: 'there is neither a PostgreSQL nor a disk behind the stand-in',
  },
  {
    scenario: 'boot',
    titles: [
      'life: the same database, local for the first time',
      'life: the same database, local for the second time',
    ],
    reason:
      'people signed in and PUT /api/serverconfig/misc was called between these boots, which is not simulated',
  },
  {
    scenario: 'boot',
    titles: ['API_URL host:port without a scheme'],
    reason: 'the routes of a gateway with such an address are not guessed',
  },
  {
    scenario: 'boot',
    titles: ['API_URL with a trailing blank', 'issuer with trailing blank'],
    reason: "the same end; Go's words for a URL with a blank differ",
  },
  {
    scenario: 'boot',
    titles: ['issuer by the name localhost'],
    reason: 'the OpenID server of the replay has one name only',
  },
  {
    scenario: 'faults',
    titles: ['database away: …'],
    reason: 'there is no PostgreSQL behind the stand-in that could be away',
  },
  {
    scenario: 'faults',
    titles: ['offline_access: userinfo with a token that has expired'],
    reason: 'the stand-in keeps no refresh tokens',
  },
];
