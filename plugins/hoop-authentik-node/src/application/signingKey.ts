import { InputError } from '@backstage/errors';
import type { AuthentikKeyPair } from '../systems/authentik/types';
import type { ApplicationFacts } from './facts';
import { listShortened, unknownName } from './refusals';
import { PERMISSIONS } from '../systems/authentik/permissions';
import { keyPairObjection } from './requirements';
import type { ApplicationContext, ApplicationSpec } from './spec';

/** @internal */
export interface SigningKeyChoice {
  /** Absent where a certificate is made. */
  pk?: string;
  /** Signs where the token may not make one; absent where it has to be a new one, or none can. */
  instead?: AuthentikKeyPair;
  /** Why the configured certificate is not used. */
  note?: string;
}

/**
 * A named certificate must be usable. Without a name, the first usable one of these is chosen: the present one, the
 * configured one or any other where one is configured, one of the gateway's own.
 *
 * @param present - the key of the certificate that the provider signs with now
 * @throws InputError when the named certificate cannot be used, or none can
 * @internal
 */
export function chooseSigningKey(
  spec: Pick<ApplicationSpec, 'signingKey' | 'newSigningKey'>,
  present: string | undefined,
  { keyPairs }: Pick<ApplicationFacts, 'keyPairs'>,
  context: ApplicationContext,
): SigningKeyChoice {
  const { authentikBaseUrl, preferredSigningKey, now } = context;
  const usable = keyPairs.filter(pair => !keyPairObjection(pair, now));
  if (spec.signingKey !== undefined) {
    const named = keyPairs.find(({ name }) => name === spec.signingKey);
    if (!named) {
      throw unknownName(
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
    return { pk: named.pk };
  }
  const leftOver = usable.find(
    ({ pk, name }) => pk !== present && context.ownCertificates?.includes(name),
  );
  if (spec.newSigningKey) {
    return { pk: leftOver?.pk };
  }
  const kept = usable.find(({ pk }) => pk === present);
  if (kept) {
    return { pk: kept.pk };
  }
  if (preferredSigningKey === undefined) {
    return leftOver ? { pk: leftOver.pk } : { instead: usable[0] };
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
      taken === preferred
        ? undefined
        : `The certificate "${preferredSigningKey}" (hoopAuthentik.authentik[].signingKey in app-config) cannot sign tokens: ${
            preferred
              ? keyPairObjection(preferred, now)
              : 'authentik has none of that name, or the token may not see it'
          }. "${
            taken.name
          }" signs instead. Fix that certificate in authentik, or name another in app-config. ` +
          'A provider keeps a usable certificate: to replace it later, give signingKey to authentik:application:ensure.',
  };
}

/** What a reader has to know where the token may not make a certificate. @internal */
export function sharedKeyNote({ name }: AuthentikKeyPair): string {
  return (
    `The token may not generate certificates, so "${name}" signs. A token of any application that signs with the same key opens the gateway. ` +
    `Grant the token ${PERMISSIONS.addKeyPair} and authentik_crypto.delete_certificatekeypair, then run the task again with newSigningKey.`
  );
}

/** Gives the reason for each certificate, since one that looks usable in a list may not be. */
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
      : ` The certificate "${preferredSigningKey}" (hoopAuthentik.authentik[].signingKey in app-config) is not among them.`;
  return new InputError(
    `authentik at ${authentikBaseUrl} has no certificate that can sign tokens: expected one with an RSA or EC ` +
      `private key that has not expired and that the token may see; found ${found}.${configured} Generate one under System > Certificates.`,
  );
}
