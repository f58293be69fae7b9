import { IncomingMessage } from 'node:http';
import { unauthorized } from '../status';
import { Identity, isAllowed } from './authorization';

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

/** The account that a request is made as, where it asks for another one (`kubectl --as`). @internal */
export function impersonate(
  req: IncomingMessage,
  identity: Identity,
  identities: Identity[],
): Identity {
  const user = String(req.headers['impersonate-user'] ?? '');
  if (!user) {
    return identity;
  }
  const [, , namespace, name] = user.startsWith('system:serviceaccount:')
    ? user.split(':')
    : [];
  const isAccount = name !== undefined;
  const may = isAllowed(identity.rules, {
    verb: 'impersonate',
    group: '',
    resource: isAccount ? 'serviceaccounts' : 'users',
    namespace,
    name: isAccount ? name : user,
  });
  return may
    ? identities.find(one => one.user === user) ?? {
        token: '',
        user,
        rules: [],
      }
    : {
        ...identity,
        rules: [],
        mayNot: isAccount
          ? 'impersonate-on:serviceaccount'
          : 'impersonate-on:user-info',
      };
}

/** @internal */
export function isAnonymous(identity: Identity): boolean {
  return identity.user === anonymous.user;
}
