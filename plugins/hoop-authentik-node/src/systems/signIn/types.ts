import type { CallOptions } from '../../core';

/**
 * How a sign-in with a test account ended. The token itself is used once, to ask whose it is, and never told.
 *
 * @public
 */
export type SignInProof =
  /** The gateway issued a token and accepts it. */
  | { outcome: 'signed-in'; groups: string[]; isAdmin: boolean }
  /** authentik or the gateway did not let the account in. */
  | { outcome: 'refused'; by: 'authentik' | 'gateway'; reason: string }
  /** authentik asks for something that no program can give, such as a second factor. */
  | { outcome: 'unsupported'; stage: string }
  /** It was better not tried. */
  | { outcome: 'not-tried'; reason: string };

/**
 * Signs a test account in, all the way that `hoop login` and a browser go together.
 *
 * @public
 */
export interface TestSignIn {
  /**
   * Leaves behind what any sign-in does: a used login state and, the first time, a user in the gateway's database.
   *
   * @throws ServiceUnavailableError when a system cannot be reached or answers what it should not
   */
  signIn(options?: CallOptions): Promise<SignInProof>;
}
