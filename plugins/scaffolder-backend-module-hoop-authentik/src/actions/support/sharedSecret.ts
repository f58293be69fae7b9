import { InputError } from '@backstage/errors';
import type { z as Zod } from 'zod/v3';
import { findingsOf, type ApplicationUse } from './applicationUse';

/**
 * Gives a client a new secret that other gateways have to be given as well.
 *
 * @internal
 */
export const allowShared = (z: typeof Zod) =>
  z
    .boolean()
    .describe(
      'Rotate even where other configured gateways use the application, or cannot be asked whether they do: nobody can sign in at them until hoop:gateway:configure has been run for each. Default: false.',
    )
    .optional();

/**
 * authentik knows one secret at a time: a new one ends the sign-ins of every gateway that keeps the previous one.
 *
 * @param uses - the other gateways that use the application
 * @throws InputError naming them, whether they are known to use it or could not be asked
 * @internal
 */
export function refuseShared(uses: ApplicationUse[]): void {
  if (uses.length === 0) {
    return;
  }
  const askAgain = uses.some(({ known }) => !known)
    ? ', run the task again once all of them can be asked'
    : '';
  throw new InputError(
    `The client secret was not rotated: ${findingsOf(uses)}. ` +
      'With a new secret in authentik nobody could sign in at such a gateway until it is given the secret too. ' +
      `Give each gateway an application of its own${askAgain}, or set allowShared. Then, right after the rotation: ${followUp(
        uses,
      )}.`,
  );
}

/** What is about to happen to the other gateways. @internal */
export function sharedWarning(uses: ApplicationUse[]): string {
  return `The new secret is for other gateways as well, and nobody can sign in at them until they have it: ${findingsOf(
    uses,
  )}`;
}

/**
 * What gives the other gateways the secret that authentik has.
 *
 * @internal
 */
export function followUp(uses: ApplicationUse[]): string {
  const configurable = uses.filter(use => !use.gateway.systems.target.refusal);
  return [
    ...(configurable.length > 0
      ? [
          `run hoop:gateway:configure for ${configurable
            .map(({ gateway }) => `"${gateway.config.name}"`)
            .join(' and ')}`,
        ]
      : []),
    // What the action refuses to write to has to be written by somebody.
    ...uses
      .filter(use => use.gateway.systems.target.refusal)
      .map(
        ({ gateway: { config, systems } }) =>
          `put the secret where "${config.name}" reads it (${systems.target.description}) and restart it`,
      ),
  ].join('; ');
}
