import { z } from 'zod';
import { type CallOptions, once, SecretValue, unlessAborted } from '../../core';
import {
  type AuthentikApplications,
  authentikApplications,
} from './applications';
import { AuthentikApi } from './AuthentikApi';
import { type AuthentikBindings, authentikBindings } from './bindings';
import { OWN_USER } from './apiCalls';
import { apiObject } from './codec';
import { type AuthentikKeyPairs, authentikKeyPairs } from './keyPairs';
import { type AuthentikLookups, authentikLookups } from './lookups';
import { describeInstance, type InstanceOptions } from './names';
import type { ApiToken } from './oauthToken';
import { type AuthentikProviders, authentikProviders } from './providers';

const versionSchema = apiObject({ versionCurrent: z.string() });
const ownUserSchema = apiObject({
  pk: z.number(),
  username: z.string(),
  isSuperuser: z.boolean(),
});
const selfSchema = apiObject({ user: ownUserSchema });

/** The user that the token belongs to. @alpha */
export type AuthentikSelf = z.infer<typeof ownUserSchema>;

/**
 * What the flow needs from one authentik instance: one method for each endpoint. Every method throws
 * `ServiceUnavailableError` when the instance cannot be reached, answers with a server error, or refuses the token;
 * `NotAllowedError` is never thrown, because the refusal does not concern the portal's user. A refusal for a missing
 * permission is an `AuthentikPermissionError`, a failure to process a request an `AuthentikServerError`; both are
 * `ServiceUnavailableError`s by name. A request the server finds invalid is an `InputError`, one that clashes with an
 * existing object a `ConflictError`. No error contains a secret.
 *
 * @alpha
 */
export interface AuthentikClient
  extends AuthentikApplications,
    AuthentikProviders,
    AuthentikBindings,
    AuthentikKeyPairs,
    AuthentikLookups {
  /** Name of the instance in app-config. */
  readonly name: string;
  /** Public base URL without a trailing slash. */
  readonly baseUrl: string;
  /** The version, if it was read before; sends no request. */
  readonly knownVersion: string | undefined;
  /** How long a write may take, in milliseconds: so long may one still be carried out whose answer was lost. */
  readonly writeTimeoutMs: number;

  /** Version such as `2026.8.0`; read once and remembered. `GET /admin/version/` */
  getVersion(options?: CallOptions): Promise<string>;
  /** Who the token belongs to. `GET /core/users/me/` */
  getSelf(options?: CallOptions): Promise<AuthentikSelf>;
}

/**
 * An {@link AuthentikClient} that owns its connections.
 *
 * @internal
 */
export interface ClosableAuthentikClient extends AuthentikClient {
  /** Closes the connections kept to the server. */
  close(): Promise<void>;
}

/**
 * Makes an {@link AuthentikClient} over authentik's REST API, versions 2024.12 to 2026.8.
 *
 * Lists are read to their end, and every match of a filter is checked again, because servers ignore query parameters
 * they do not know.
 *
 * @internal
 */
export function createAuthentikClient(
  options: InstanceOptions & { token: SecretValue | ApiToken },
): ClosableAuthentikClient {
  const { system, baseUrl } = describeInstance(options);
  const { token: given } = options;
  const token =
    given instanceof SecretValue ? { get: async () => given } : given;
  const api = new AuthentikApi({ ...options, token, system, baseUrl });

  let knownVersion: string | undefined;
  const readVersion = once(async () => {
    const call = { path: 'admin/version/', options: undefined };
    const { versionCurrent } = await api.get(call, versionSchema);
    knownVersion = versionCurrent;
    return versionCurrent;
  });
  // Callers share one request, so an abort ends only the wait of its own caller.
  const getVersion = async (call?: CallOptions) =>
    unlessAborted(readVersion, call?.signal);

  return {
    name: options.name,
    baseUrl,
    writeTimeoutMs: api.writeTimeoutMs,
    get knownVersion() {
      return knownVersion;
    },
    getVersion,
    getSelf: async call => {
      const { user } = await api.get(
        { path: OWN_USER, options: call },
        selfSchema,
      );
      return user;
    },
    ...authentikApplications(api, getVersion),
    ...authentikProviders(api),
    ...authentikBindings(api),
    ...authentikKeyPairs(api),
    ...authentikLookups(api),
    close: async () => api.close(),
  };
}
