import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import yaml from 'yaml';
import { portalOf, rootConfigOf } from './portal';
import type { AnyInput } from './runAction';
import type { CreateAction } from './useSandbox';

interface ExampleStep<Input> {
  id?: string;
  action: string;
  input: Input;
}

/**
 * The examples of an action with the inputs that their one step gives, for `it.each`.
 *
 * @throws Error for an example that is of another action, or gives an input that the action does not know
 * @internal
 */
export function exampleCases<Input extends AnyInput, Output extends AnyInput>(
  create: CreateAction<Input, Output>,
): Array<[description: string, input: Input]> {
  const action = makeAction(create);
  return (action.examples ?? []).map(({ description, example }) => [
    description,
    inputOf(action, example),
  ]);
}

/** The names of all outputs that an action declares. @internal */
export function declaredOutputs<
  Input extends AnyInput,
  Output extends AnyInput,
>(create: CreateAction<Input, Output>): string[] {
  return Object.keys(
    makeAction(create).schema?.output?.properties ?? {},
  ).sort();
}

/** For what an action says of itself; it has no gateway to work on. */
function makeAction<Input extends AnyInput, Output extends AnyInput>(
  create: CreateAction<Input, Output>,
): TemplateAction<Input, Output> {
  return create({
    gateways: DefaultHoopAuthentikService.create({
      config: rootConfigOf(),
    }),
    ...portalOf(),
  });
}

function inputOf<Input extends AnyInput, Output extends AnyInput>(
  { id, schema }: TemplateAction<Input, Output>,
  example: string,
): Input {
  const { steps }: { steps: ExampleStep<Input>[] } = yaml.parse(example);
  const [step] = steps;
  if (steps.length !== 1 || step.action !== id || !step.id) {
    throw new Error(`Expected one step of ${id} with an id; found ${example}`);
  }
  const known = Object.keys(schema?.input?.properties ?? {});
  const unknown = Object.keys(step.input).filter(key => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(`${id} has no inputs ${unknown}; found in ${example}`);
  }
  return step.input;
}
