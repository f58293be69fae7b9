import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  Gateway,
  ResolvedGateway,
} from 'backstage-plugin-hoop-authentik-node';
import type { GatewayRun } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from './ActionOptions';
import { authorizedGateway } from './authorizedGateway';
import { logTo } from './taskLog';

/** What an action may do its work with. @internal */
export interface HeldGateway extends ResolvedGateway {
  /** Their writes ask first whether this run still holds the gateway. */
  systems: Gateway['systems'];
  /** Fires when the task is cancelled or the gateway is lost to another run. */
  signal: AbortSignal | undefined;
  /** Absent in a dry run, which writes nothing. */
  run?: GatewayRun;
}

/**
 * Does the work of an action that writes, while no other run writes to the same gateway: waits for another one, renews
 * its lease while it works, and gives the gateway back.
 *
 * @throws ConflictError naming the task that holds the gateway
 * @internal
 */
export async function exclusively<T>(
  options: ActionOptions,
  ctx: Parameters<typeof authorizedGateway>[1] & {
    isDryRun?: boolean;
    logger: LoggerService;
    signal?: AbortSignal;
    task: { id: string };
    user?: { ref?: string };
  },
  action: string,
  work: (held: HeldGateway) => Promise<T>,
): Promise<T> {
  const resolved = await authorizedGateway(options, ctx, action);
  const { gateway } = resolved;
  if (ctx.isDryRun) {
    return work({ ...resolved, systems: gateway.systems, signal: ctx.signal });
  }
  let hasWaited = false;
  const run = await options.runs.begin({
    gateway: gateway.config.name,
    taskId: ctx.task.id,
    action,
    user: ctx.user?.ref,
    signal: ctx.signal,
    log: line => {
      hasWaited = true;
      logTo(ctx.logger)(line);
    },
  });
  const systems = gateway.systemsOf(run, ctx.task.id);
  if (hasWaited) {
    // Another run, perhaps of another replica, may have changed what an earlier step of this task has read.
    systems.forget?.();
  }
  let outcome: 'completed' | 'failed' = 'failed';
  try {
    const result = await work({
      ...resolved,
      systems,
      signal: AbortSignal.any([
        run.signal,
        ...(ctx.signal ? [ctx.signal] : []),
      ]),
      run,
    });
    outcome = 'completed';
    return result;
  } finally {
    if (outcome === 'failed') {
      // The task may be tried again once the cause is fixed.
      systems.forget?.();
    }
    await run.end(outcome);
  }
}
