import { IncomingMessage } from 'node:http';
import { unauthorized } from '../status';
import { Identity } from './authorization';

/** Whoever sends no token. @internal */
const anonymous: Identity = {
  token: '',
  user: 'system:anonymous',
  groups: ['system:unauthenticated'],
  rules: [],
};

/** Only a token that is not known is refused; no token, an empty one and other schemes are anonymous. @internal */
export function authenticate(
  req: IncomingMessage,
  identities: Identity[],
): Identity {
  const token = /^Bearer +(\S.*)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (!token) {
    return anonymous;
  }
  const identity = identities.find(candidate => candidate.token === token);
  if (!identity) {
    throw unauthorized();
  }
  return identity;
}

/** @internal */
export function isAnonymous(identity: Identity): boolean {
  return identity.user === anonymous.user;
}
