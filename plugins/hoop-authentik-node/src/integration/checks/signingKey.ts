import type { AuthentikKeyPair } from '../../authentik/types';
import { keyPairObjection } from '../../application/requirements';
import { withValue, type CheckDefinition } from './check';
import { withProvider } from './withProvider';

const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000;

/** @internal */
export const signingKey: CheckDefinition = {
  id: 'authentik.signing-key',
  system: 'authentik',
  title: 'Signing key is usable',
  preflight: true,
  run: input =>
    withProvider(input, provider =>
      withValue(input.observed.authentik.keyPairs, keyPairs => {
        const { now } = input.observed;
        const expected = 'a certificate with an RSA or EC private key';
        const link = input.desired.application.adminUrl;
        const found = keyPairs.find(({ pk }) => pk === provider.signingKey);
        const objection = objectionTo(provider.signingKey, found, now);
        if (objection) {
          return {
            status: 'fail',
            expected,
            actual: found ? `"${found.name}": ${objection}` : objection,
            remedy:
              'Run the software template again: it chooses a usable certificate. Or generate one in authentik under System > Certificates.',
            link,
          };
        }
        const expiry = found?.expiry && Date.parse(found.expiry);
        return expiry && expiry - now.getTime() < THIRTY_DAYS_MS
          ? {
              status: 'warn',
              expected: 'a certificate valid for 30 days or more',
              actual: `"${found!.name}" expires on ${found!.expiry!.slice(
                0,
                10,
              )}`,
              remedy:
                'Renew the certificate in authentik, or choose another one.',
              link,
            }
          : { status: 'pass', actual: `"${found!.name}"`, link };
      }),
    ),
};

function objectionTo(
  keyPk: string | undefined,
  found: AuthentikKeyPair | undefined,
  now: Date,
): string | undefined {
  if (keyPk === undefined) {
    return 'no signing key: tokens would be signed with the client secret, which the gateway cannot verify';
  }
  return found
    ? keyPairObjection(found, now)
    : 'a certificate that this token may not see';
}
