import { InputError } from '@backstage/errors';
import type { CallOptions } from '../core';
import {
  findingsOf,
  findUses,
  type ApplicationUse,
  type PossibleUsers,
  type UsedApplication,
} from './uses';

/** Other gateways that share a client secret which is about to change. @alpha */
export interface SharedSecret {
  /** What the rotation does to them. */
  warning: string;
  /** What has to be done right after the rotation, as an imperative without a full stop. */
  followUp: string;
}

/**
 * authentik keeps one secret at a time: a new one ends the sign-ins of every gateway that has the previous one.
 *
 * @returns `undefined` where no other gateway uses the application
 * @throws InputError naming the gateways that use the application or could not be asked, unless `allowShared` is set
 * @alpha
 */
export async function findSharedSecret(
  gateways: PossibleUsers,
  application: UsedApplication,
  { allowShared, ...call }: CallOptions & { allowShared?: boolean },
): Promise<SharedSecret | undefined> {
  // The rotation itself refuses a gateway whose settings are not written here.
  if (application.gateway.systems.target.refusal) {
    return undefined;
  }
  const uses = await findUses(gateways, application, { ...call, others: true });
  if (uses.length === 0) {
    return undefined;
  }
  if (!allowShared) {
    refuseShared(uses);
  }
  return {
    warning: `Other gateways use the same client secret, and people cannot sign in to them until they have the new one: ${findingsOf(
      uses,
    )}`,
    followUp: followUp(uses),
  };
}

function refuseShared(uses: ApplicationUse[]): never {
  const askAgain = uses.some(({ known }) => !known)
    ? ', run the task again once all of them can be asked'
    : '';
  throw new InputError(
    `The client secret was not rotated: ${findingsOf(uses)}. ` +
      'After a rotation, people cannot sign in to such a gateway until it has the new secret. ' +
      `Give each gateway its own application${askAgain}, or set allowShared. Then, right after the rotation: ${followUp(
        uses,
      )}.`,
  );
}

/** What gives the other gateways the secret that authentik has. */
function followUp(uses: ApplicationUse[]): string {
  const configurable = uses.filter(use => !use.gateway.systems.target.refusal);
  return [
    ...(configurable.length > 0
      ? [
          `run hoop:gateway:configure for ${configurable
            .map(({ gateway }) => `"${gateway.config.name}"`)
            .join(' and ')}`,
        ]
      : []),
    ...uses
      .filter(use => use.gateway.systems.target.refusal)
      .map(
        ({ gateway: { config, systems } }) =>
          `put the secret where "${config.name}" reads it (${systems.target.description}) and restart it`,
      ),
  ].join('; ');
}
