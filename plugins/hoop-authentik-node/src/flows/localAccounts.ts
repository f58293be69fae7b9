import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { type CallOptions, sentence } from '../core';
import type { GatewayInfo, HoopClient } from '../systems/hoop/types';
import type { TargetWriteOptions } from '../targets/types';

const CAUSE =
  'Signing in with OpenID ends the local sign-in of an account, and accounts that OpenID created have no password.';

const WAY_IN =
  "An administrator's API key can add a local administrator afterwards (POST /api/users), and the gateway's database can restore one: see docs/local-accounts.md of these plugins.";

/** For how long a way back that is over waits to learn what became of the accounts. */
const REPORT_TIMEOUT_MS = 10_000;

/** What is known of administrators who could sign in with a local account. */
interface LocalAccounts {
  /** Undefined where it cannot be determined. */
  usable: boolean | undefined;
  /** In a sentence. */
  line: string;
  /** Nothing is wrong with what was asked for: a system did not answer. */
  outage?: boolean;
}

/**
 * Refuses to return a gateway to local sign-in where no administrator could sign in then, or it is not known.
 *
 * @throws InputError where none could, or app-config has no API key to find out
 * @throws ServiceUnavailableError where the gateway does not answer
 * @internal
 */
export async function requireLocalAdministrator(
  hoop: HoopClient,
  refusal: string,
  options: CallOptions & { allowLockout?: boolean },
): Promise<void> {
  if (options.allowLockout) {
    return;
  }
  const info = await infoOf(hoop, options);
  const { usable, line, outage } = await findLocalAccounts(hoop, info, options);
  options.signal?.throwIfAborted();
  // Who can sign in to a gateway that uses local accounts already stays as it is.
  if (!usable && info?.authMethod !== 'local') {
    const Refusal = outage ? ServiceUnavailableError : InputError;
    throw new Refusal(
      [
        refusal,
        line,
        CAUSE,
        ...(hoop.hasApiKey
          ? []
          : ["Set the gateway's apiKey in app-config to find out."]),
        `Set allowLockout to switch anyway. ${WAY_IN}`,
      ].join(' '),
    );
  }
}

/**
 * The same after the switch, as far as it can be known: someone may have signed in with OpenID in between.
 *
 * @throws InputError where no administrator can sign in, unless that is accepted
 * @internal
 */
export async function confirmLocalAdministrator(
  hoop: HoopClient,
  options: TargetWriteOptions & { allowLockout?: boolean },
): Promise<void> {
  const info = await infoOf(hoop, options);
  const { usable, line } = await findLocalAccounts(hoop, info, options);
  options.signal?.throwIfAborted();
  if (usable === false && !options.allowLockout) {
    throw new InputError(`${line} ${CAUSE}`);
  }
  report({ usable, line }, options);
}

/**
 * Says of a gateway that is back on local sign-in what became of the accounts while it used OpenID. Never throws and holds
 * nothing up: the way back is over.
 *
 * @internal
 */
export async function reportLocalAccounts(
  hoop: HoopClient,
  { log }: Pick<TargetWriteOptions, 'log'>,
): Promise<void> {
  const options = { signal: AbortSignal.timeout(REPORT_TIMEOUT_MS) };
  const info = await infoOf(hoop, options);
  if (!info || info.authMethod === 'local') {
    report(await findLocalAccounts(hoop, info, options), { log });
  }
}

function report(
  { usable, line }: LocalAccounts,
  { log }: Pick<TargetWriteOptions, 'log'>,
): void {
  if (usable) {
    log(line);
  } else {
    log(`${line} ${CAUSE} ${WAY_IN}`, 'warn');
  }
}

function infoOf(
  hoop: HoopClient,
  options: CallOptions,
): Promise<GatewayInfo | undefined> {
  return hoop.getInfo(options).catch(() => undefined);
}

async function findLocalAccounts(
  hoop: HoopClient,
  info: GatewayInfo | undefined,
  options: CallOptions,
): Promise<LocalAccounts> {
  if (info?.setupRequired) {
    return {
      usable: true,
      line: 'The gateway has no accounts: whoever registers first administers it.',
    };
  }
  if (!hoop.hasApiKey) {
    return {
      usable: undefined,
      line: 'Whether an administrator can sign in with a local account cannot be determined without an API key of the gateway.',
    };
  }
  try {
    const administrators = await hoop.listAdministrators(options);
    const local = administrators.filter(({ isLocal }) => isLocal).length;
    return {
      usable: local > 0,
      line:
        local > 0
          ? `Administrators with a local account: ${local} of ${administrators.length}; whether they know its password cannot be read.`
          : `No administrator can sign in with a local account: none of the ${administrators.length} active ones has an account of the gateway itself.`,
    };
  } catch (error) {
    return {
      usable: undefined,
      line: `Whether an administrator can sign in with a local account cannot be determined: ${sentence(
        error,
      )}`,
      outage: true,
    };
  }
}
