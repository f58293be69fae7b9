import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  resolveSafeChildPath,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { FilePatch } from 'backstage-plugin-hoop-authentik-node';
import { logLine } from 'backstage-plugin-hoop-authentik-node/alpha';
import { logPlan } from './taskLog';

/** No values file or env file is longer; a larger file of a repository must not occupy the backend. */
const MOST_BYTES = 1024 * 1024;

/** The mode bits that let users other than the owner read a file. */
const READABLE_BY_OTHERS = 0o044;

/** The part of an action's context that editing a file needs. */
export interface Workspace {
  workspacePath: string;
  logger: Pick<LoggerService, 'info' | 'warn'>;
  isDryRun?: boolean;
  signal?: AbortSignal;
}

/** @internal */
export interface PatchedFile {
  /** Whether the file was written. */
  changed: boolean;
  /** Number of values that changed, or would in a dry run. */
  changes: number;
}

/**
 * Edits one file of a task's workspace: logs the plan, then replaces the file atomically and keeps its mode. A dry run stops
 * after the plan.
 *
 * @param options - `holdsSecret`: a file that users other than its owner can read is not written, unless `allowOtherReaders`
 *   accepts it; `mustExist`: refuse a missing file in a dry run as well
 * @throws InputError when there is no such file, not one of text, or one that others can read
 * @throws NotAllowedError for a path that leads out of the workspace
 * @internal
 */
export async function patchWorkspaceFile(
  { workspacePath, logger, isDryRun, signal }: Workspace,
  path: string,
  patch: (text: string) => FilePatch,
  options: {
    holdsSecret?: boolean;
    allowOtherReaders?: boolean;
    mustExist?: boolean;
  } = {},
): Promise<PatchedFile> {
  const file = await findFile(resolveSafeChildPath(workspacePath, path), path);
  if (!file && (options.mustExist ?? !isDryRun)) {
    throw new InputError(
      `The file "${path}" does not exist in the workspace of the task. Fetch it in an earlier step, and give its path relative to the workspace.`,
    );
  }
  if (!file) {
    logger.info(
      `The file "${path}" does not exist in the workspace of this dry run, perhaps because the step that fetches it was skipped. The plan is for an empty file.`,
    );
  }
  const before = file ? await readText(file.location, path) : '';
  const { text, changes, notes } = patch(before);
  logPlan(logger, changes, isDryRun);
  for (const note of notes) {
    logger.warn(logLine(note));
  }
  signal?.throwIfAborted();
  const changed = file !== undefined && text !== before && !isDryRun;
  const hasOtherReaders =
    file && options.holdsSecret && (file.mode & READABLE_BY_OTHERS) !== 0;
  if (changed && hasOtherReaders && !options.allowOtherReaders) {
    throw new InputError(
      `The file "${path}" was not changed: it is to hold the client secret, and users other than its owner can read it. Restrict it with chmod go-r, or set allowOtherReaders.`,
    );
  }
  if (changed) {
    await replaceFile(file.location, file.mode, text);
  }
  if (hasOtherReaders) {
    logger.warn(
      `${path} is to hold the client secret, and users other than its owner can read it. Restrict it with chmod go-r.`,
    );
  }
  return { changed, changes: changes.length };
}

interface FoundFile {
  location: string;
  mode: number;
}

async function findFile(
  location: string,
  path: string,
): Promise<FoundFile | undefined> {
  try {
    // A link stays; the file behind it is replaced.
    const real = await realpath(location);
    const found = await stat(real);
    if (!found.isFile()) {
      throw new InputError(`"${path}" is not a file. Give the path of a file.`);
    }
    if (found.size > MOST_BYTES) {
      throw new InputError(
        `"${path}" has ${found.size} bytes; expected at most ${MOST_BYTES}. Give the path of a file that holds only settings.`,
      );
    }
    return { location: real, mode: found.mode };
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

async function readText(location: string, path: string): Promise<string> {
  const bytes = await readFile(location);
  try {
    // Any other encoding would not survive the round trip.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw new InputError(
      `"${path}" is not UTF-8 text. Convert it, then run the task again.`,
    );
  }
}

/** A concurrent reader sees either the old or the new text, never a part. */
async function replaceFile(
  location: string,
  mode: number,
  text: string,
): Promise<void> {
  const temporary = join(
    dirname(location),
    `.${basename(location)}.${randomUUID()}`,
  );
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, location);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
