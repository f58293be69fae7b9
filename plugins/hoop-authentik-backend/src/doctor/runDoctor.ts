import { ConfigSources } from '@backstage/config-loader';
import { isError } from '@backstage/errors';
import {
  DefaultHoopAuthentikService,
  type AddedCheck,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { examine, exitCodeOf, type GatewayReport } from './examine';
import { readOptions, USAGE, UsageError, type DoctorOptions } from './options';
import { renderReport } from './renderReport';

/**
 * What the doctor needs of the process it runs in.
 *
 * @public
 */
export interface DoctorProcess {
  env: Record<string, string | undefined>;
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  stderr: { write(text: string): unknown };
}

/** Where the output is no terminal, as in a log. */
const DEFAULT_WIDTH = 80;

/** Longer lines are harder to read. */
const GREATEST_WIDTH = 120;

/**
 * The command `hoop-authentik-doctor`: checks the gateways of app-config without a running portal and prints what it
 * found.
 *
 * @param args - the command line after the name of the command
 * @param addedChecks - run beside those of the plugins: for a command of your own, since the doctor loads no module of a
 * backend
 * @returns the exit code: 0 healthy, 1 a check fails, 2 unreachable, misconfigured or bad usage
 * @public
 */
export async function runDoctor(
  args: string[],
  context: DoctorProcess,
  addedChecks: readonly AddedCheck[] = [],
): Promise<0 | 1 | 2> {
  let options: DoctorOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    if (error instanceof UsageError) {
      context.stderr.write(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    throw error;
  }
  if (options.help) {
    context.stdout.write(USAGE);
    return 0;
  }
  try {
    const reports = await examineConfigured(options, context.env, addedChecks);
    const exitCode = exitCodeOf(reports);
    context.stdout.write(
      options.json
        ? `${JSON.stringify({ exitCode, gateways: reports }, null, 2)}\n`
        : renderReport(reports, terminalOf(context)),
    );
    return exitCode;
  } catch (error) {
    const message = firstLine(error);
    if (options.json) {
      context.stdout.write(
        `${JSON.stringify({ exitCode: 2, gateways: [], error: message })}\n`,
      );
    } else {
      context.stderr.write(`The gateways cannot be checked: ${message}\n`);
    }
    return 2;
  }
}

async function examineConfigured(
  options: DoctorOptions,
  env: DoctorProcess['env'],
  addedChecks: readonly AddedCheck[],
): Promise<GatewayReport[]> {
  const config = await ConfigSources.toConfig(
    ConfigSources.default({
      argv: options.config.flatMap(file => ['--config', file]),
      env,
      watch: false,
    }),
  );
  try {
    const service = DefaultHoopAuthentikService.create({
      config,
      tolerant: true,
    });
    try {
      return await examine(service, options.gateways, {
        signIn: options.signIn,
        addedChecks,
      });
    } finally {
      await service.close();
    }
  } finally {
    config.close();
  }
}

function terminalOf({ env, stdout }: DoctorProcess) {
  return {
    // https://no-color.org: any value that is not empty.
    color: Boolean(stdout.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb',
    width: Math.min(stdout.columns ?? DEFAULT_WIDTH, GREATEST_WIDTH),
    cut: Boolean(stdout.isTTY),
  };
}

/**
 * A configuration that cannot be parsed is quoted below the first line, and where a value starts like an alias or a block
 * in that line too, whatever secrets stand there. Of such an error only its code and its place are shown.
 */
function firstLine(error: unknown): string {
  if (!isError(error)) {
    return String(error).split('\n')[0];
  }
  if (error.name === 'YAMLParseError') {
    const [, place = ''] =
      / (at line \d+, column \d+):?$/m.exec(error.message) ?? [];
    return `a configuration file is not valid YAML: ${`${error.code} ${place}`.trim()}`;
  }
  const [line] = error.message.split('\n');
  return line
    .replace(
      /^(Unresolved alias) .*/,
      'a configuration file is not valid YAML: a value that starts with * needs quotes',
    )
    .replace(/(failed to parse included file [^,]*),.*/, '$1');
}
