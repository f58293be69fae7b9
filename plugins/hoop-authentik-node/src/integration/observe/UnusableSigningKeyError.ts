import { ServiceUnavailableError } from '@backstage/errors';

/**
 * authentik cannot publish what it signs with: the certificate is known to have a key that is neither RSA nor EC.
 *
 * @internal
 */
export class UnusableSigningKeyError extends ServiceUnavailableError {
  /** As authentik calls it, such as `ed25519`. */
  readonly keyType: string;

  constructor(message: string, keyType: string) {
    super(message);
    this.keyType = keyType;
  }
}
