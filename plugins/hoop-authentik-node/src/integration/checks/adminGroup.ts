import { SecretValue } from '../../core';
import type { TargetState } from '../../targets/types';
import {
  skipped,
  withValue,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';

/** What the gateway calls it where it is told nothing. */
const DEFAULT_ADMIN_GROUP = 'admin';

/** @internal */
export const adminGroup: CheckDefinition = {
  id: 'gateway.adminGroup',
  system: 'gateway',
  title: 'Gateway and app-config name the same admin group',
  why: 'The gateway makes administrators of the members of the group that ADMIN_USERNAME, or the configuration stored in it, names. Where app-config names another, everything said about administrators is about the wrong group.',
  mend: 'Set adminGroup of the gateway in app-config to the name that the gateway uses, or ADMIN_USERNAME of the gateway to the one in app-config, or accept it with allowLockout.',
  preflight: true,
  lockout: true,
  run: input => {
    const { gateway, target, targetCapabilities } = input.observed;
    // Stored role names win over the environment, and the gateway's API tells those in force.
    const told = gateway.authConfig?.ok
      ? gateway.authConfig.value.adminGroup
      : undefined;
    if (told !== undefined) {
      return compared(input, told, 'as its API tells');
    }
    if (!targetCapabilities.showsEnvironment) {
      return skipped(
        'where the settings are kept does not show it, and app-config has no apiKey of the gateway',
      );
    }
    return withValue(target, ({ state }) => inEnvironment(input, state));
  },
};

function inEnvironment(input: CheckInput, state: TargetState): Finding {
  const { value, source } = state.adminGroup ?? {};
  if (value === undefined && source !== undefined) {
    return skipped(`only the running container knows it: ${source}`);
  }
  const text = value instanceof SecretValue ? value.reveal() : value;
  return text
    ? compared(
        input,
        text,
        `ADMIN_USERNAME set by ${source}`,
        value instanceof SecretValue,
      )
    : compared(input, DEFAULT_ADMIN_GROUP, 'the default of ADMIN_USERNAME');
}

function compared(
  { desired }: CheckInput,
  found: string,
  place: string,
  hidden = false,
): Finding {
  const wanted = desired.gateway.adminGroup;
  if (found === wanted) {
    return { status: 'pass', actual: `"${wanted}", ${place}` };
  }
  const name = hidden ? 'another name' : `"${found}"`;
  return {
    status: 'fail',
    expected: `"${wanted}", the adminGroup of the gateway in app-config`,
    actual: `${name}, ${place}`,
    remedy: `Set adminGroup of the gateway in app-config to ${
      hidden ? 'the name that the gateway uses' : name
    }, or the gateway's ADMIN_USERNAME to "${wanted}" and restart it. Upper and lower case differ.`,
  };
}
