import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  deleteApplication,
  planDeletion,
  type DeletedApplication,
  type DeletionPlan,
  type PlanLine,
} from 'backstage-plugin-hoop-authentik-node';
import { logPlan } from './logPlan';
import type { ResolvedGateway } from './resolveGateway';

/** The part of an action's context that the deletion needs. */
interface Task {
  logger: LoggerService;
  signal?: AbortSignal;
  isDryRun?: boolean;
  checkpoint(options: {
    key: string;
    fn: () => Promise<number | null>;
  }): Promise<number | null>;
}

/**
 * Throws where the application may not be deleted, before anything else is done.
 *
 * @throws InputError when it is not the gateway's, as far as can be told
 * @internal
 */
export async function refuseForeignApplication(
  { gateway, desired }: ResolvedGateway,
  { signal }: Pick<Task, 'signal'>,
): Promise<void> {
  await planDeletion(
    gateway.systems.authentik,
    { slug: desired.application.slug, redirectUri: desired.redirectUri },
    undefined,
    { signal },
  );
}

/**
 * Deletes the application of a gateway and its provider; shows first what goes.
 *
 * @param confirmed - somebody repeated the slug
 * @internal
 */
export async function removeApplication(
  { gateway, desired }: ResolvedGateway,
  task: Task,
  { confirmed }: { confirmed?: boolean } = {},
): Promise<DeletedApplication> {
  const { slug } = desired.application;
  const { authentik } = gateway.systems;
  const target = { slug, redirectUri: desired.redirectUri, confirmed };
  const call = { signal: task.signal };
  const first = await planDeletion(authentik, target, undefined, call);
  // Where a run was interrupted between the two deletions, only this remembers which provider it was.
  const providerId = task.isDryRun
    ? first.provider?.pk
    : await task.checkpoint({
        key: `authentik.provider.${authentik.name}.${slug}`,
        fn: async () => first.provider?.pk ?? null,
      });
  const plan =
    first.provider || typeof providerId !== 'number'
      ? first
      : await planDeletion(authentik, target, providerId, call);
  logPlan(task.logger, planLines(slug, plan), task.isDryRun);
  return task.isDryRun
    ? { deletedApplication: false, deletedProvider: false, writes: 0 }
    : deleteApplication(authentik, slug, plan, call);
}

function planLines(
  slug: string,
  { application, provider }: DeletionPlan,
): PlanLine[] {
  return [
    ...(application
      ? [
          {
            object: `authentik application "${slug}"`,
            field: 'the whole object',
            from: `"${application.name}"`,
            to: '(deleted)',
          },
        ]
      : []),
    ...(provider
      ? [
          {
            object: `authentik provider "${provider.name}"`,
            field: 'the whole object',
            from: `client id "${provider.clientId}"`,
            to: '(deleted)',
          },
        ]
      : []),
  ];
}
