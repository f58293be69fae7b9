import type {
  CreatedObject,
  RunHolder,
  StoredSwitch,
} from 'backstage-plugin-hoop-authentik-node/alpha';

/** A run as its process names it. @internal */
export interface RunIdentity {
  gateway: string;
  runId: string;
}

/**
 * Which run may write to which gateway, and what our runs have created in other systems.
 *
 * @internal
 */
export interface RunStore {
  /**
   * Gives a run the lease of its gateway where no other run holds it.
   *
   * @returns the run that holds the lease afterwards: the one that asked, or the other one
   */
  acquire(
    run: RunIdentity & Pick<RunHolder, 'taskId' | 'action'>,
  ): Promise<RunHolder>;
  /** @returns whether the run still holds its lease, which then begins anew */
  renew(run: RunIdentity): Promise<boolean>;
  /** Does nothing where another run holds the lease by now. */
  release(run: RunIdentity): Promise<void>;
  /** What our runs have created for a gateway, the oldest first. */
  listCreated(gateway: string): Promise<CreatedObject[]>;
  /** @returns whether it was recorded: the run has to hold the lease of its gateway */
  addCreated(run: RunIdentity, object: CreatedObject): Promise<boolean>;
  /** @returns whether the run held the lease of its gateway */
  removeCreated(run: RunIdentity, object: CreatedObject): Promise<boolean>;
  /** The switch of a gateway that no run has verified. */
  getSwitch(gateway: string): Promise<StoredSwitch | undefined>;
  /**
   * @param record - `undefined` once it is verified or undone
   * @returns whether the run held the lease of its gateway
   */
  setSwitch(
    run: RunIdentity,
    record: StoredSwitch | undefined,
  ): Promise<boolean>;
}
