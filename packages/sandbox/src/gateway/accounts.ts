import type { JWTPayload } from 'jose';
import type { GatewayUser } from './database';
import { groupsAfterSignIn, groupsFromClaim } from './groups';
import type { GatewayInstance } from './instance';

/** The column of the database holds no more. */
const longestGroup = 180;

/**
 * Matching is by e-mail, and the subject follows the identity provider; who is unknown by e-mail may be known by subject.
 * No two accounts have the same subject.
 *
 * @internal
 */
export function syncUser(
  instance: GatewayInstance,
  claims: JWTPayload,
  groupsClaim: string,
): GatewayUser {
  const { database } = instance;
  const email =
    typeof claims.email === 'string' ? claims.email.toLowerCase() : '';
  const claimed = groupsFromClaim(claims[groupsClaim]);
  if (
    claimed === undefined &&
    claims[groupsClaim] !== undefined &&
    claims[groupsClaim] !== null
  ) {
    instance.write(
      'error',
      `failed syncing groups, reason=unexpected type of claim ${groupsClaim}`,
    );
  }
  const subject = typeof claims.sub === 'string' ? claims.sub : '';
  if (!subject) {
    throw new Error('the id_token names no subject');
  }
  if (claimed?.some(group => group.length > longestGroup)) {
    throw new Error('value too long for type character varying');
  }
  const bySubject = database.userBySubject(subject);
  const byEmail = database.userByEmail(email);
  if (bySubject && byEmail && bySubject !== byEmail) {
    throw new Error('duplicate key value violates unique constraint');
  }
  const existing = byEmail ?? bySubject;
  const groups = groupsAfterSignIn({
    current: existing?.groups ?? [],
    claimed,
    adminGroup: instance.roles.admin,
    isFirstUser: database.users.length === 0,
  });
  const name = typeof claims.name === 'string' ? claims.name : '';
  if (!existing) {
    return database.addUser({
      subject,
      email,
      name,
      status: 'active',
      verified: true,
      groups,
    });
  }
  if (existing.status === 'inactive') {
    throw new Error(`user is not active, email=${email}`);
  }
  return Object.assign(existing, {
    subject,
    groups,
    status: 'active',
    verified: claims.email_verified === true,
    name: existing.name || name,
  });
}
