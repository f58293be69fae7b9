import { parseArgs } from 'node:util';
import { isError } from '@backstage/errors';

/** A parsed command line of the doctor. @internal */
export interface DoctorOptions {
  /** Names of gateways; empty for all. */
  gateways: string[];
  /** Configuration files, later ones overriding earlier ones; empty for those that Backstage reads by default. */
  config: string[];
  json: boolean;
  signIn: boolean;
  help: boolean;
}

/** @internal */
export const USAGE = `Usage: hoop-authentik-doctor [gateway...] [options]

Checks how gateways are connected to authentik and how to fix what fails.
Changes nothing.

  gateway          names from app-config (hoopAuthentik.gateways); default: all
  --config <file>  configuration file, can be repeated; default: the files
                   Backstage reads, app-config.yaml and app-config.local.yaml
  --sign-in        also check where "hoop login" leads and sign in the test
                   account, if app-config names one; this leaves login states
                   in the gateway's database
  --json           print one JSON document
  --help           print this text

Exit code: 0 healthy (warnings are allowed), 1 a check fails, 2 a system is
unreachable, or the configuration or the command line is invalid.
`;

/**
 * The command line is invalid; the message says what is expected.
 *
 * @internal
 */
export class UsageError extends Error {
  readonly name = 'UsageError';
}

/**
 * Reads a command line; pure.
 *
 * @throws UsageError for an unknown option or a wrong value
 * @internal
 */
export function readOptions(args: string[]): DoctorOptions {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        'sign-in': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return {
      gateways: [...new Set(positionals)],
      config: values.config ?? [],
      json: values.json ?? false,
      signIn: values['sign-in'] ?? false,
      help: values.help ?? false,
    };
  } catch (error) {
    const message = isError(error) ? error.message : String(error);
    // The rest of Node's message is about names that start with a dash, which no gateway has.
    throw new UsageError(message.split('. To specify')[0]);
  }
}
