import type { RootConfigService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import type { RequestKind } from 'backstage-plugin-hoop-authentik-common';
import { reasonOf } from '../reasonOf';

/** How users ask, and who knows them in authentik. @internal */
export interface RequestsConfig {
  /** How long a request can be decided. */
  expireAfterMs: number;
  /** After how long approvers are reminded. */
  remindAfterMs: number;
  allowSelfApproval: boolean;
  /** Open requests of one user. */
  mostOpenPerUser: number;
  /** The templates that carry requests out. */
  templates: Record<RequestKind, string>;
  /** How a group of the catalog is known in authentik: by its name, or by an annotation only. */
  groupsBy: 'name' | 'annotation';
  /** How a user of the catalog is known in authentik. */
  usersBy: 'email' | 'annotation';
}

const DAY_MS = 24 * 60 * 60 * 1000;
const ROOT = 'hoopAuthentik.requests';

/**
 * Reads `hoopAuthentik.requests` of app-config.
 *
 * @throws InputError naming the key
 * @internal
 */
export function readRequestsConfig(root: RootConfigService): RequestsConfig {
  const duration = (key: string, fallback: number) => {
    const path = `${ROOT}.${key}`;
    if (!root.has(path)) {
      return fallback;
    }
    let ms: number;
    try {
      ms = durationToMilliseconds(readDurationFromConfig(root, { key: path }));
    } catch (error) {
      throw new InputError(`${path} is invalid: ${reasonOf(error)}`);
    }
    if (!(ms > 0)) {
      throw new InputError(`${path} must be longer than nothing`);
    }
    return ms;
  };
  const choice = <const T extends string>(
    key: string,
    choices: readonly T[],
  ) => {
    const given = root.getOptionalString(`${ROOT}.${key}`) ?? choices[0];
    const found = choices.find(one => one === given);
    if (found === undefined) {
      throw new InputError(
        `${ROOT}.${key} must be ${choices
          .map(one => `"${one}"`)
          .join(' or ')}; found "${given}"`,
      );
    }
    return found;
  };
  const template = (kind: RequestKind, fallback: string) => {
    const path = `${ROOT}.templates.${kind}`;
    const given = root.getOptionalString(path) ?? fallback;
    try {
      return stringifyEntityRef(
        parseEntityRef(given, {
          defaultKind: 'template',
          defaultNamespace: 'default',
        }),
      );
    } catch {
      throw new InputError(
        `${path} must be the reference of a template, such as template:default/${fallback}; found "${given}"`,
      );
    }
  };
  const mostOpenPerUser =
    root.getOptionalNumber(`${ROOT}.mostOpenPerUser`) ?? 20;
  if (!(Number.isInteger(mostOpenPerUser) && mostOpenPerUser > 0)) {
    throw new InputError(
      `${ROOT}.mostOpenPerUser must be a whole number of 1 or more; found ${mostOpenPerUser}`,
    );
  }
  return {
    expireAfterMs: duration('expireAfter', 7 * DAY_MS),
    remindAfterMs: duration('remindAfter', 2 * DAY_MS),
    allowSelfApproval:
      root.getOptionalBoolean(`${ROOT}.allowSelfApproval`) ?? false,
    mostOpenPerUser,
    templates: {
      connect: template('connect', 'connect-gateway'),
      access: template('access', 'grant-access'),
    },
    groupsBy: choice('groupsBy', ['name', 'annotation']),
    usersBy: choice('usersBy', ['email', 'annotation']),
  };
}
