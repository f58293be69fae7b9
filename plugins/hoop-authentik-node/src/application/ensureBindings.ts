import { InputError } from '@backstage/errors';
import type { CallOptions, PlanLine } from '../core';
import type { AuthentikClient } from '../systems/authentik/types';
import { explainPermissions } from './explainPermissions';
import { resolveBindings } from './lookups';
import { bindingPlanLines } from './planLines';
import { planBindings } from './planBindings';
import type { ApplicationSpec } from './types';
import { validSpec } from './validateSpec';
import { writeBindings } from './writeBindings';

/** @public */
export interface EnsuredBindings {
  applicationId: string;
  changes: PlanLine[];
  /** Requests that changed something. */
  writes: number;
}

/**
 * Makes sure that an application has bindings, and touches nothing else of it.
 *
 * @throws InputError when there is no such application, group, user or policy
 * @public
 */
export async function ensureBindings(
  client: AuthentikClient,
  given: Pick<ApplicationSpec, 'slug' | 'bindings' | 'bindingsMode'>,
  options: CallOptions & { dryRun?: boolean } = {},
): Promise<EnsuredBindings> {
  const spec = validSpec(given);
  return explainPermissions(
    client,
    async () => {
      const [application, wanted] = await Promise.all([
        client.getApplication(spec.slug, options),
        resolveBindings(client, spec.bindings ?? [], options),
      ]);
      // A dry run of a whole template comes here before the application is there.
      if (!application && !options.dryRun) {
        throw new InputError(
          `There is no authentik application "${spec.slug}" on ${client.baseUrl} to bind anybody to. Connect the gateway first.`,
        );
      }
      const plan = planBindings(
        application ? await client.listBindings(application.pk, options) : [],
        wanted,
        spec.bindingsMode ?? 'additive',
      );
      let writes = 0;
      if (application && !options.dryRun) {
        await writeBindings(
          client,
          application.pk,
          plan,
          () => writes++,
          options,
        );
      }
      return {
        applicationId: application?.pk ?? 'assigned-on-creation',
        changes: bindingPlanLines(plan, spec),
        writes,
      };
    },
    options,
  );
}
