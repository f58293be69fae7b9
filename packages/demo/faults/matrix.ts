import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { SandboxProcess } from 'sandbox';
import { callsIn, faultOf, type Call, type Cell } from './calls';
import { secretsIn, shapeOf, signIn, type Shape } from './invariants';
import { KeptRecords, startPortal, type Operation } from './operations';

/** How an operation goes when nothing disturbs it. */
export interface Undisturbed {
  calls: Call[];
  shape: Shape;
}

/** What became of one cell. */
export interface Result {
  operation: Operation;
  call: string;
  kind: string;
  /** The operation succeeded in spite of the fault. */
  done: boolean;
  /** What does not hold; empty where everything does. */
  problems: string[];
  seconds: number;
}

/** Runs an operation in a process of its own. */
async function runOnce(
  sandbox: SandboxProcess,
  operation: Operation | 'restart',
  records: KeptRecords,
  letOut: unknown[],
  signal?: AbortSignal,
): Promise<Error | undefined> {
  const log = (line: string) => letOut.push(line);
  const portal = startPortal(sandbox, records, log, signal);
  try {
    letOut.push(await portal[operation]());
    return undefined;
  } catch (error) {
    letOut.push(error);
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await portal.close();
  }
}

/** As new, and connected unless that is what is to be done. */
async function prepare(
  sandbox: SandboxProcess,
  operation: Operation,
): Promise<KeptRecords> {
  const records = new KeptRecords();
  await sandbox.control.reset();
  if (operation !== 'connect') {
    const failure = await runOnce(sandbox, 'connect', records, []);
    if (failure) {
      throw failure;
    }
  }
  return records;
}

export async function undisturbed(
  sandbox: SandboxProcess,
  operation: Operation,
): Promise<Undisturbed> {
  const records = await prepare(sandbox, operation);
  const { seq } = await sandbox.control.requests(Number.MAX_SAFE_INTEGER);
  const failure = await runOnce(sandbox, operation, records, []);
  if (failure) {
    throw failure;
  }
  const { requests } = await sandbox.control.requests(seq);
  return { calls: callsIn(requests), shape: await shapeOf(sandbox) };
}

/** A dead process tries nothing again; what it still does gets nowhere. */
async function abortOnceStruck(
  { control }: SandboxProcess,
  death: AbortController,
): Promise<void> {
  while (!death.signal.aborted) {
    const left = await (await fetch(`${control.url}/faults`)).json();
    if (left.length === 0) {
      death.abort(new Error('the process was killed'));
      return;
    }
    await sleep(50);
  }
}

export async function runCell(
  sandbox: SandboxProcess,
  operation: Operation,
  cell: Cell,
  { shape }: Undisturbed,
): Promise<Result> {
  const began = performance.now();
  const letOut: unknown[] = [];
  const problems: string[] = [];
  const hold = async (what: string, check: () => Promise<unknown>) => {
    try {
      await check();
    } catch (error) {
      problems.push(
        `${what}: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
  const records = await prepare(sandbox, operation);
  await sandbox.control.faults(faultOf(cell));
  const death = new AbortController();
  const [failure] = await Promise.all([
    runOnce(sandbox, operation, records, letOut, death.signal).finally(() =>
      death.abort(),
    ),
    cell.kind === 'killed' ? abortOnceStruck(sandbox, death) : undefined,
  ]);
  await sandbox.control.clearFaults();

  await hold('the gateway does not boot', async () => {
    const reason = await runOnce(sandbox, 'restart', records, letOut);
    if (reason) {
      throw reason;
    }
  });
  // authentik knows one secret at a time: a rotation that was killed is for the next run to complete.
  if (!(operation === 'rotate' && cell.kind === 'killed')) {
    await hold('no one can sign in', () => signIn(sandbox));
  }
  await hold('a retry does not succeed', async () => {
    const reason = await runOnce(sandbox, operation, records, letOut);
    if (reason) {
      throw reason;
    }
  });
  await hold('no one can sign in after a retry', () => signIn(sandbox));
  const after = await shapeOf(sandbox);
  if (!isDeepStrictEqual(after, shape)) {
    problems.push(
      `expected ${JSON.stringify(shape)}, found ${JSON.stringify(after)}`,
    );
  }
  const secrets = await secretsIn(sandbox, letOut);
  if (secrets > 0) {
    problems.push(`${secrets} secrets in logs, results and errors`);
  }
  return {
    operation,
    call: cell.call.label,
    kind: cell.kind,
    done: failure === undefined,
    problems,
    seconds: (performance.now() - began) / 1_000,
  };
}
