import type { AuditorService } from '@backstage/backend-plugin-api';
import type {
  ActionContext,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';

/** Inputs or outputs of an action. @internal */
export type Values = ActionContext<{}>['input'];
type Severity = Parameters<AuditorService['createEvent']>[0]['severityLevel'];

/** Changes of who has access are high; reads are low. */
const SEVERITY: Record<string, Severity> = {
  'hoop:gateway:preflight': 'low',
  'hoop:gateway:verify': 'low',
  'authentik:application:delete': 'high',
  'authentik:binding:ensure': 'high',
  'hoop:access:grant': 'high',
  'hoop:request:create': 'low',
  'hoop:gateway:disconnect': 'high',
  'hoop:gateway:rotateSecret': 'high',
};

/** Identify what a run touched; no other input or output is recorded. */
const SUBJECTS = ['gateway', 'entityRef', 'application', 'path', 'request'];
const RESULTS = [
  'gateway',
  'application',
  'path',
  'writes',
  'restarted',
  'requestId',
];

/**
 * The same action, with an event in the portal's audit log for each run except dry runs: `authentik-application-ensure` for
 * `authentik:application:ensure`, with the user, the task, the gateway, the entity and the application, and with the number
 * of writes on success. A run that cannot be recorded does not start.
 *
 * @internal
 */
export function audited<Input extends Values, Output extends Values>(
  auditor: AuditorService,
  action: TemplateAction<Input, Output>,
): TemplateAction<Input, Output> {
  return {
    ...action,
    async handler(ctx) {
      if (ctx.isDryRun) {
        return action.handler(ctx);
      }
      const results: Record<string, unknown> = {};
      const event = await auditor.createEvent({
        eventId: eventIdOf(action.id),
        severityLevel: SEVERITY[action.id] ?? 'medium',
        meta: {
          actionType: action.id,
          taskId: ctx.task.id,
          user: ctx.user?.ref,
          ...picked(ctx.input, SUBJECTS),
        },
      });
      try {
        await action.handler({
          ...ctx,
          output(name, value) {
            results[String(name)] = value;
            ctx.output(name, value);
          },
        });
      } catch (error) {
        await event.fail({ error: error as Error });
        throw error;
      }
      await event.success({ meta: picked(results, RESULTS) });
      return undefined;
    },
  };
}

/** `hoop:gateway:rotateSecret` becomes `hoop-gateway-rotate-secret`. */
function eventIdOf(actionId: string): string {
  return actionId
    .replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    .replaceAll(':', '-');
}

function picked(from: Record<string, unknown>, names: string[]): Values {
  return Object.fromEntries(
    names
      .filter(name => from[name] !== undefined && from[name] !== '')
      .map(name => [name, from[name]]),
  ) as Values;
}
