/**
 * A binding that lets a group or a user in until it ends, recorded before it is made.
 *
 * @alpha
 */
export interface AccessGrant {
  id: string;
  /** Id of the request that it was made for. */
  request: string;
  /** Base URL of the authentik instance. */
  system: string;
  /** Slug of the application. */
  application: string;
  /** Key of the application. */
  target: string;
  /** Key of the binding; empty until authentik has assigned it. */
  binding: string;
  /** The order of the binding, by which one that was cut off in its creation is known again. */
  mark: number;
  subject: { kind: 'group' | 'user'; key: string; name: string };
  /** ISO 8601, UTC; absent where it does not end by itself. */
  until?: string;
}

/**
 * The grants of a gateway that have not ended.
 *
 * @alpha
 */
export interface GrantRecords {
  readonly grants: readonly AccessGrant[];
  /** Adds a grant, or replaces the one of the same id. */
  keepGrant(grant: AccessGrant): Promise<void>;
}
