import { Request, RequestHandler, Response } from 'express';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { GatewayInstance } from './instance';
import { gatewayFetch, LoadedProvider } from './provider';

/** Who makes an authenticated request. @internal */
export interface Caller {
  subject: string;
  name: string;
  email: string;
  groups: string[];
  /** The static key passes every role check. */
  bypassesRoles: boolean;
}

/** @internal */
export type Handler = (
  req: Request,
  res: Response,
  caller: Caller,
) => Promise<void> | void;

/** @internal */
export type Role = 'any' | 'admin' | 'auditor';

/** @internal */
export function sendMessage(
  res: Response,
  status: number,
  message: string,
): void {
  res.status(status).json({ message });
}

/** Express 4 does not catch what an async handler rejects with. @internal */
export function asynchronous(
  handler: (req: Request, res: Response) => Promise<void>,
): RequestHandler {
  return (req, res, next) => {
    handler(req, res).catch(next);
  };
}

/** Only this spelling counts: neither lower case nor a second blank, and not the cookie of the web interface. */
function bearerToken(req: Request): string | undefined {
  return /^Bearer (\S+)$/.exec(req.headers.authorization ?? '')?.[1];
}

function hasJwtShape(token: string): boolean {
  try {
    decodeProtectedHeader(token);
    return token.split('.').length === 3;
  } catch {
    return false;
  }
}

async function subjectFromUserinfo(
  provider: LoadedProvider,
  token: string,
): Promise<string | undefined> {
  const response = await gatewayFetch(provider.discovery.userinfo_endpoint, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) {
    return undefined;
  }
  const claims: { sub?: string } = await response.json();
  return claims.sub;
}

/** A signature and an expiry are all that is asked of an access token: neither issuer nor audience. */
async function subjectOf(
  instance: GatewayInstance,
  provider: LoadedProvider | undefined,
  token: string,
): Promise<string | undefined> {
  try {
    if (!provider) {
      const { payload } = await jwtVerify(
        token,
        instance.database.signingKeys.publicKey,
      );
      return payload.sub;
    }
    if (provider.options.withUserInfo || !hasJwtShape(token)) {
      return await subjectFromUserinfo(provider, token);
    }
    const { payload } = await jwtVerify(token, provider.keys, {
      algorithms: provider.algorithms,
    });
    return payload.sub;
  } catch (error) {
    instance.write(
      'warn',
      `failed verifying access token, reason=${
        error instanceof Error ? error.message : String(error)
      }`,
    );
    return undefined;
  }
}

function callerFromKey(
  instance: GatewayInstance,
  token: string,
): Caller | undefined {
  const key = instance.database.apiKeys.find(
    candidate => candidate.key === token && candidate.status === 'active',
  );
  return (
    key && {
      subject: key.id,
      name: key.name,
      email: key.name,
      groups: key.groups,
      bypassesRoles: false,
    }
  );
}

function callerFromUser(
  instance: GatewayInstance,
  subject: string | undefined,
): Caller | undefined {
  const user = subject ? instance.database.userBySubject(subject) : undefined;
  return user?.status === 'active'
    ? { ...user, bypassesRoles: false }
    : undefined;
}

function staticKeyCaller(instance: GatewayInstance): Caller {
  return {
    subject: 'API_KEY',
    name: 'API_KEY',
    email: 'API_KEY',
    groups: [instance.roles.admin],
    bypassesRoles: true,
  };
}

/** What fails with a key that names no organization. */
const withoutOrganization: Record<string, string> = {
  '/serverinfo': 'failed obtaining organization: resource not found',
  '/users': 'failed listing users',
};

/** API_KEY of the environment begins with the organization; a key that the gateway made does not need to. */
function namesOrganization(instance: GatewayInstance, key: string): boolean {
  return (
    key === instance.database.authConfig?.api_key ||
    key.startsWith(`${instance.database.organization.id}|`)
  );
}

/** Wraps a handler with authentication and a role. @internal */
export function authenticated(
  instance: GatewayInstance,
  role: Role,
  handler: Handler,
): RequestHandler {
  return asynchronous(async (req, res) => {
    let provider: LoadedProvider | undefined;
    try {
      // Loaded before any credential is looked at, so that keys fail as well while the provider is away.
      provider = instance.usesOidc()
        ? await instance.cachedProvider()
        : undefined;
    } catch {
      sendMessage(
        res,
        500,
        'internal server error, failed loading IDP provider',
      );
      return;
    }
    const apiKey = req.headers['api-key'];
    if (apiKey !== undefined) {
      const { API_KEY: environmentKey, ORG_MULTI_TENANT: tenants } =
        instance.env;
      const expected = instance.database.authConfig?.api_key ?? environmentKey;
      if (!expected || tenants === 'true' || apiKey !== expected) {
        sendMessage(res, 401, 'unauthorize');
        return;
      }
      const refusal = withoutOrganization[req.path];
      if (refusal && !namesOrganization(instance, expected)) {
        sendMessage(res, 500, refusal);
        return;
      }
      await handler(req, res, staticKeyCaller(instance));
      return;
    }
    const token = bearerToken(req) ?? '';
    const caller = token.startsWith('hpk_')
      ? callerFromKey(instance, token)
      : callerFromUser(
          instance,
          token ? await subjectOf(instance, provider, token) : undefined,
        );
    if (!caller) {
      sendMessage(res, 401, 'access denied');
      return;
    }
    const isPermitted =
      role === 'any' ||
      caller.bypassesRoles ||
      instance.isAdmin(caller.groups) ||
      (role === 'auditor' && instance.isAuditor(caller.groups));
    if (!isPermitted) {
      sendMessage(res, 403, 'access denied');
      return;
    }
    await handler(req, res, caller);
  });
}
