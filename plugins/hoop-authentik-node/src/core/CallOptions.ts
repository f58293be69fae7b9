/**
 * What every call to another system takes.
 *
 * @public
 */
export interface CallOptions {
  /** Ends the call early; its reason is thrown. */
  signal?: AbortSignal;
}
