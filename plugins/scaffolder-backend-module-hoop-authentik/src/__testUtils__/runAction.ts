import { isError } from '@backstage/errors';
import type {
  ActionContext,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { CREDENTIALS, loggerTo, type LogRecord } from './portal';

/** What an action may be given. */
export type AnyInput = Parameters<TemplateAction['handler']>[0]['input'];

/** @internal */
export interface RunOptions {
  isDryRun?: boolean;
  /** The task's files, for an action that has to do with some. */
  workspacePath?: string;
  signal?: AbortSignal;
  /** Who started the task. */
  user?: { ref?: string };
  /** Checkpoints of the task as JSON, kept from one run of it to the next; without it each run is of a task of its own. */
  task?: Map<string, string>;
  /** Called with each line of the task log, as it is written. */
  onLog?(line: string): void;
}

/** All that an action let out. @internal */
export interface ActionRun {
  outputs: Record<string, unknown>;
  checkpoints: Record<string, unknown>;
  /** Lines of the task log. */
  log: LogRecord[];
  /** What the handler threw; `undefined` when it succeeded. */
  error: Error | undefined;
}

/** Runs the handler of an action to its end and records what it says, stores and throws. @internal */
export async function runAction<
  Input extends AnyInput,
  Output extends AnyInput,
>(
  action: TemplateAction<Input, Output>,
  input: Input,
  { onLog, task = new Map(), ...options }: RunOptions = {},
): Promise<ActionRun> {
  const run: ActionRun = {
    outputs: {},
    checkpoints: {},
    log: [],
    error: undefined,
  };
  const context: ActionContext<Input, Output> = {
    input,
    logger: loggerTo((...line) => {
      run.log.push(line);
      onLog?.(line[1]);
    }),
    // Only some actions use files, and these name their directory.
    workspacePath: 'unused',
    createTemporaryDirectory: async () => 'unused',
    getInitiatorCredentials: async () => CREDENTIALS,
    task: { id: 'the-task' },
    ...options,
    output(name, value) {
      run.outputs[String(name)] = value;
    },
    async checkpoint({ key, fn }) {
      const kept = task.get(key);
      if (kept !== undefined) {
        return JSON.parse(kept);
      }
      const result = await fn();
      run.checkpoints[key] = result;
      task.set(key, JSON.stringify(result ?? null));
      return result;
    },
  };
  try {
    await action.handler(context);
  } catch (error) {
    // An abort's DOMException is of another realm in a test, so that `instanceof` does not tell.
    run.error = isError(error) ? error : new Error(String(error));
  }
  return run;
}

/** The messages of a run's log, one a line. @internal */
export function textOf({ log }: Pick<ActionRun, 'log'>): string {
  return log.map(([, message]) => message).join('\n');
}
