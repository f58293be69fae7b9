import type {
  AuthentikProvider,
  PublishedKey,
} from '../../systems/authentik/types';
import { UnusableSigningKeyError } from '../observe/UnusableSigningKeyError';
import {
  withValue,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import { withProvider } from './withProvider';

const USABLE_KEYS = ['RSA', 'EC'];

/** @internal */
export const signingKey: CheckDefinition = {
  id: 'authentik.signing-key',
  system: 'authentik',
  title: 'Signing key is usable',
  why: 'Without a signing key tokens are signed with the client secret, and with a key that is neither RSA nor EC authentik fails to publish it; the gateway can verify neither.',
  mend: 'Run the software template again: it chooses a usable certificate.',
  preflight: true,
  run: input =>
    withProvider(input, provider => {
      const fail = (actual: string): Finding => ({
        status: 'fail',
        expected: 'a certificate with an RSA or EC private key',
        actual,
        remedy:
          'Run the software template again: it chooses a usable certificate. Or generate one in authentik under System > Certificates.',
        link: input.desired.application.adminUrl,
      });
      if (provider.signingKey === undefined) {
        return fail(
          'no signing key: tokens would be signed with the client secret, which the gateway cannot verify',
        );
      }
      const { discovery, keys } = input.observed.authentik;
      const keyType = [discovery, keys].map(unpublishable).find(Boolean);
      if (keyType) {
        return fail(
          `its key is ${keyType}, which authentik fails to publish, as it does with any that is neither RSA nor EC`,
        );
      }
      return withValue(keys, published => {
        const found = published.find(isSigningKey);
        if (!found) {
          return fail('no published key');
        }
        return found.kty === undefined || USABLE_KEYS.includes(found.kty)
          ? { status: 'pass', actual: found.kty ?? found.alg }
          : fail(
              `its key is ${found.kty}, and only RSA and EC keys can be used`,
            );
      });
    }),
};

/**
 * Finds about the published key that tokens are signed with; skipped where the check of the key says what is wrong.
 *
 * @internal
 */
export function withSigningKey(
  input: CheckInput,
  find: (key: PublishedKey, provider: AuthentikProvider) => Finding,
): Finding {
  return withProvider(input, provider => {
    if (signingKey.run(input).status === 'fail') {
      return {
        status: 'skipped',
        actual: 'there is no usable signing key yet',
      };
    }
    return withValue(input.observed.authentik.keys, keys =>
      // The check of the key has found one.
      find(keys.find(isSigningKey)!, provider),
    );
  });
}

/** A key for encryption is published beside the one for signatures. */
function isSigningKey({ use }: PublishedKey): boolean {
  return use !== 'enc';
}

function unpublishable(
  observation: CheckInput['observed']['authentik']['discovery' | 'keys'],
): string | undefined {
  return !observation.ok && observation.error instanceof UnusableSigningKeyError
    ? observation.error.keyType
    : undefined;
}
