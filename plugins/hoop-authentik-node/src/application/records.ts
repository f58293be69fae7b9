import { ConflictError, InputError, isError } from '@backstage/errors';
import { AuthentikPermissionError } from '../systems/authentik';

/**
 * An object that a run of ours has created in another system, or was about to create when it was cut off.
 *
 * @alpha
 */
export interface CreatedObject {
  /** Base URL of the authentik instance. */
  system: string;
  kind: 'application' | 'provider' | 'certificate';
  /** Slug of an application, name of a provider or certificate. */
  name: string;
  /**
   * What ours has and a later one of the same name has not: the client id of a provider; the key of an application, and
   * until authentik has assigned it a digest of its fields. A certificate needs none: its name is random.
   */
  proof?: string;
}

/**
 * What runs of ours have created for a gateway.
 *
 * @alpha
 */
export interface CreationRecords {
  /** What our runs have created for this gateway, this run included. */
  readonly created: readonly CreatedObject[];
  /**
   * Notes an object before it is created, so that a later run knows it for ours if this one is cut off. Replaces what was
   * noted of its name.
   */
  record(object: CreatedObject): Promise<void>;
  /** Notes that an object is gone. */
  forget(object: CreatedObject): Promise<void>;
}

/** Whether an object of the name is recorded, and with the proof where one is given. @internal */
export function isRecorded(
  { created }: Pick<CreationRecords, 'created'>,
  object: CreatedObject,
): boolean {
  return created.some(
    one =>
      isSameName(one, object) &&
      (object.proof === undefined || one.proof === object.proof),
  );
}

/** @internal */
export function isSameName(one: CreatedObject, other: CreatedObject): boolean {
  return (
    one.system === other.system &&
    one.kind === other.kind &&
    one.name === other.name
  );
}

/** Forgets what is gone; sends no request for what no run has created. @internal */
export async function forgetGone(
  run: CreationRecords | undefined,
  ...objects: CreatedObject[]
): Promise<void> {
  await Promise.all(
    objects.map(async object => {
      if (run && isRecorded(run, object)) {
        await run.forget(object);
      }
    }),
  );
}

/** Notes objects before they are created, and forgets them where authentik has refused to create them. @internal */
export async function recorded<T>(
  run: CreationRecords | undefined,
  objects: CreatedObject[],
  create: () => Promise<T>,
): Promise<T> {
  await Promise.all(
    objects.map(async object => {
      if (run && !isRecorded(run, object)) {
        await run.record(object);
      }
    }),
  );
  try {
    return await create();
  } catch (error) {
    if (isRefusal(error)) {
      // An object of this name is not ours. The refusal is the error to report.
      await forgetGone(run, ...objects).catch(() => {});
    }
    throw error;
  }
}

/** Whether an error proves that nothing was created. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AuthentikPermissionError ||
    (isError(error) &&
      [ConflictError.name, InputError.name].includes(error.name))
  );
}

/** The records of a run that keeps none elsewhere. @internal */
export function recordsInMemory(): CreationRecords {
  let created: CreatedObject[] = [];
  const others = (object: CreatedObject) =>
    created.filter(one => !isSameName(one, object));
  return {
    get created() {
      return created;
    },
    record: async object => {
      created = [...others(object), object];
    },
    forget: async object => {
      created = others(object);
    },
  };
}
