import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';
import type { AnyInput } from './runAction';

interface Step<Input> {
  action: string;
  input: Input;
}

/**
 * The one step of each example of an action, by the example's description.
 *
 * @throws Error for an example that is not of the action, or gives an input that the action does not know
 * @internal
 */
export function exampleInputs<
  Input extends AnyInput,
  Output extends AnyInput,
>({
  id,
  examples = [],
  schema,
}: TemplateAction<Input, Output>): Array<[description: string, input: Input]> {
  const known = Object.keys(schema?.input?.properties ?? {});
  return examples.map(({ description, example }) => {
    const { steps }: { steps: Step<Input>[] } = yaml.parse(example);
    const [step] = steps;
    if (steps.length !== 1 || step.action !== id) {
      throw new Error(`"${description}" is not an example of ${id}`);
    }
    const unknown = Object.keys(step.input).filter(key => !known.includes(key));
    if (unknown.length > 0) {
      throw new Error(`"${description}" gives unknown inputs: ${unknown}`);
    }
    return [description, step.input];
  });
}
