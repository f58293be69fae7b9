import { InputError } from '@backstage/errors';
import type { AuthentikKeyPair } from '../systems/authentik/types';
import type { ApplicationContext } from './ApplicationContext';
import { listShortened, missing, type ApplicationFacts } from './lookups';
import { keyPairObjection } from './requirements';
import type { ApplicationSpec } from './types';

/** @internal */
export interface SigningKeyChoice {
  pk: string;
  /** What whoever configured a certificate has to know: why it is not the one. */
  note: string | undefined;
}

/**
 * A named certificate must be usable; else the present one is kept if it is, else the configured one is taken, else a
 * usable one, with a note.
 *
 * @param present - the key of the certificate that the provider signs with now
 * @throws InputError when the named certificate cannot be used, or none can
 * @internal
 */
export function chooseSigningKey(
  spec: Pick<ApplicationSpec, 'signingKey'>,
  present: string | undefined,
  { keyPairs }: Pick<ApplicationFacts, 'keyPairs'>,
  context: ApplicationContext,
): SigningKeyChoice {
  const { authentikBaseUrl, preferredSigningKey, now } = context;
  const usable = keyPairs.filter(pair => !keyPairObjection(pair, now));
  if (spec.signingKey !== undefined) {
    const named = keyPairs.find(({ name }) => name === spec.signingKey);
    if (!named) {
      throw missing(
        { baseUrl: authentikBaseUrl },
        'certificate with a private key',
        spec.signingKey,
        usable.map(({ name }) => name),
      );
    }
    const objection = keyPairObjection(named, now);
    if (objection) {
      throw new InputError(
        `The authentik certificate "${named.name}" cannot sign tokens: ${objection}. Give another certificate.`,
      );
    }
    return { pk: named.pk, note: undefined };
  }
  const kept = usable.find(({ pk }) => pk === present);
  if (kept) {
    return { pk: kept.pk, note: undefined };
  }
  const preferred = [...usable, ...keyPairs].find(
    ({ name }) => name === preferredSigningKey,
  );
  const taken = preferred && usable.includes(preferred) ? preferred : usable[0];
  if (!taken) {
    throw noneUsable(keyPairs, context);
  }
  return {
    pk: taken.pk,
    note:
      preferredSigningKey === undefined || taken === preferred
        ? undefined
        : `The certificate "${preferredSigningKey}", which hoopAuthentik.authentik[].signingKey in app-config names, is not taken to sign tokens: ${
            preferred
              ? keyPairObjection(preferred, now)
              : 'authentik has none of that name, or the token may not see it'
          }. "${
            taken.name
          }" is taken instead. Put that certificate right in authentik, or name another in app-config; ` +
          'a provider keeps a usable one, so give its name as signingKey of authentik:application:ensure to change this provider afterwards.',
  };
}

/** Says why for each that there is, since a certificate that looks right in a list may not be. */
function noneUsable(
  keyPairs: AuthentikKeyPair[],
  { authentikBaseUrl, preferredSigningKey, now }: ApplicationContext,
): InputError {
  const found =
    keyPairs.length === 0
      ? 'none'
      : listShortened(
          keyPairs.map(
            pair => `"${pair.name}" (${keyPairObjection(pair, now)})`,
          ),
          '; ',
        );
  const configured =
    preferredSigningKey === undefined ||
    keyPairs.some(({ name }) => name === preferredSigningKey)
      ? ''
      : ` The certificate "${preferredSigningKey}", which hoopAuthentik.authentik[].signingKey in app-config names, is not among them.`;
  return new InputError(
    `authentik at ${authentikBaseUrl} has no certificate that can sign tokens: expected one with an RSA or EC ` +
      `private key that has not expired and that the token may see; found ${found}.${configured} Generate one under System > Certificates.`,
  );
}
