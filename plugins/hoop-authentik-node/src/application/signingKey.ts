import { InputError } from '@backstage/errors';
import type { AuthentikKeyPair } from '../systems/authentik/types';
import type { ApplicationFacts } from './facts';
import { listShortened, unknownName } from './refusals';
import { keyPairObjection } from './requirements';
import type { ApplicationContext, ApplicationSpec } from './spec';

/** @internal */
export interface SigningKeyChoice {
  pk: string;
  /** Why the configured certificate is not used. */
  note: string | undefined;
}

/**
 * A named certificate must be usable. Without a name, the first usable one of these is chosen: the present one, the
 * configured one, any other, the last with a note where one is configured.
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
