import type { CallOptions } from '../../core';

/**
 * How a sign-in with a test account ended. The token itself is used once, to read its user, and never shown.
 *
 * @alpha
 */
export type SignInProof =
  /** The gateway issued a token and accepts it. */
  | { outcome: 'signed-in'; groups: string[]; isAdmin: boolean }
  /** authentik or the gateway refused the account. */
  | { outcome: 'refused'; by: 'authentik' | 'gateway'; reason: string }
  /** authentik requires something that no program can provide, such as a second factor. */
  | { outcome: 'unsupported'; stage: string }
  /** The sign-in was deliberately not tried. */
  | { outcome: 'not-tried'; reason: string };

/**
 * Signs a test account in, through every step that `hoop login` and a browser take together.
 *
 * @alpha
 */
export interface TestSignIn {
  /**
   * Stores what any sign-in does: a used login state and, the first time, a user in the gateway's database.
   *
   * @throws ServiceUnavailableError if a system cannot be reached or answers unexpectedly
   */
  signIn(options?: CallOptions): Promise<SignInProof>;
}
