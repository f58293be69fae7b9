import { parseArgs } from 'node:util';
import { isError } from '@backstage/errors';

/** What the doctor was asked to do. @internal */
export interface DoctorOptions {
  /** Names of gateways; empty for all. */
  gateways: string[];
  /** Configuration files in the order in which they count; empty for those that Backstage reads by default. */
  config: string[];
  json: boolean;
  signIn: boolean;
  help: boolean;
}

/** @internal */
export const USAGE = `Usage: hoop-authentik-doctor [gateway...] [options]

Checks how gateways are joined to authentik, and says what to do where they are
not as they should be. Nothing is changed anywhere.

  gateway          names of app-config (hoopAuthentik.gateways); default: all
  --config <file>  configuration to read, can be repeated; default: as Backstage
                   does, app-config.yaml and app-config.local.yaml
  --sign-in        ask each gateway where "hoop login" leads, too, and sign its
                   test account in where app-config names one; this leaves
                   login states in the gateway's database
  --json           one JSON document on standard output
  --help           this text

Exit code: 0 healthy (warnings included), 1 a check fails, 2 a system cannot be
reached, the configuration is not valid, or the command line is not.
`;

/**
 * The command line is not as it should be; the message says what is expected.
 *
 * @internal
 */
export class UsageError extends Error {
  readonly name = 'UsageError';
}

/**
 * Reads a command line; pure.
 *
 * @throws UsageError for what it does not know
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
    // What follows explains how to pass a name that starts with a dash, which no gateway has.
    throw new UsageError(message.split('. To specify')[0]);
  }
}
