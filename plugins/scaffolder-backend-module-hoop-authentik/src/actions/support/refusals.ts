import { isError } from '@backstage/errors';
import type {
  ActionContext,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';

type Values = ActionContext<{}>['input'];

/** The errors that our flows throw on purpose; their messages say what to do. */
const EXPECTED = [
  'ConflictError',
  'GatewayRolloutError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'ServiceUnavailableError',
];

/**
 * The same action, whose refusals appear in the task log as their message alone. The scaffolder writes the stack of a
 * step's error to the log, and the stack of an expected error says nothing to its reader.
 *
 * @internal
 */
export function withPlainRefusals<Input extends Values, Output extends Values>(
  action: TemplateAction<Input, Output>,
): TemplateAction<Input, Output> {
  return {
    ...action,
    async handler(ctx) {
      try {
        return await action.handler(ctx);
      } catch (error) {
        if (isError(error) && EXPECTED.includes(error.name)) {
          error.stack = error.message;
        }
        throw error;
      }
    },
  };
}
