import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { runAction } from '../../__testUtils__/runAction';
import { withPlainRefusals } from './refusals';

const failing = (error: unknown): TemplateAction =>
  withPlainRefusals({
    id: 'hoop:gateway:restart',
    async handler() {
      throw error;
    },
  });

describe('withPlainRefusals', () => {
  it.each([
    new InputError('Unknown gateway "nowhere".'),
    new ServiceUnavailableError('Kubernetes cannot be reached.'),
  ])('should leave only the message of a refusal: $name', async refusal => {
    const { error } = await runAction(failing(refusal), {});

    expect(error).toBe(refusal);
    // The scaffolder writes the stack to the task log.
    expect(error?.stack).toBe(refusal.message);
  });

  it('should keep the stack of an unexpected error', async () => {
    const failure = new TypeError('x is not a function');
    const { stack } = failure;

    const { error } = await runAction(failing(failure), {});

    expect(error).toBe(failure);
    expect(error?.stack).toBe(stack);
    expect(stack).toContain('refusals.test.ts');
  });

  it('should not touch a run that succeeds', async () => {
    const action = withPlainRefusals({
      id: 'hoop:gateway:restart',
      handler: async ctx => ctx.output('restarted', true),
    } as TemplateAction);

    const { error, outputs } = await runAction(action, {});

    expect(error).toBeUndefined();
    expect(outputs).toEqual({ restarted: true });
  });
});
