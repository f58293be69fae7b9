import { isError } from '@backstage/errors';
import type { ConnectionPlan } from 'backstage-plugin-hoop-authentik-common';
import {
  preflightGateway,
  type CallOptions,
  type ResolvedGateway,
} from 'backstage-plugin-hoop-authentik-node';
import { previewApplication } from 'backstage-plugin-hoop-authentik-node/alpha';

/**
 * What the template would do to connect a gateway, or why it would refuse; changes nothing.
 *
 * @throws ServiceUnavailableError when a system cannot be reached
 * @internal
 */
export async function planConnection(
  { gateway, desired }: ResolvedGateway,
  { name, ...options }: Pick<CallOptions, 'signal'> & { name?: string },
): Promise<ConnectionPlan> {
  const { systems } = gateway;
  const call = { ...options, lane: 'reader' } as const;
  try {
    const application = await previewApplication(
      systems.authentik,
      { slug: desired.application.slug, name },
      gateway.applicationContext(),
      call,
    );
    const { changes, restarts } = await preflightGateway(systems, desired, {
      ...call,
      dryRun: true,
      log: () => {},
    });
    return {
      application: application.changes,
      gateway: changes,
      restarts,
      notes: application.notes,
    };
  } catch (error) {
    if (!isError(error) || error.name !== 'InputError') {
      throw error;
    }
    return {
      application: [],
      gateway: [],
      restarts: false,
      notes: [],
      refusal: error.message,
    };
  }
}
