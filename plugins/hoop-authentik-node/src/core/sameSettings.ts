import { rebuiltIssuer, withUserInfoOf } from './gatewayUrls';
import { parseGoUrl } from './goUrl';
import { SecretValue } from './SecretValue';
import type { Settings } from './types';

/**
 * The settings wanted, each as it was found where the gateway makes the same of both, so that a difference without effect is
 * neither reported nor written; pure. The option `_userinfo` of an issuer found stays when the issuer changes.
 *
 * @param found - the value of a setting in the environment or the file
 * @internal
 */
export function asFound<Wanted extends Partial<Settings>>(
  wanted: Wanted,
  found: (
    key: 'AUTH_METHOD' | 'IDP_ISSUER',
  ) => string | SecretValue | undefined,
): Wanted {
  const text = (key: 'AUTH_METHOD' | 'IDP_ISSUER') => {
    const value = found(key);
    return value instanceof SecretValue ? value.reveal() : value ?? '';
  };
  const { AUTH_METHOD: method, IDP_ISSUER: issuer } = wanted;
  return {
    ...wanted,
    ...(method !== undefined && {
      AUTH_METHOD: sameMethod(method, text('AUTH_METHOD')),
    }),
    ...(issuer !== undefined && {
      IDP_ISSUER: sameIssuer(issuer, text('IDP_ISSUER')),
    }),
  };
}

/** Whether a gateway with this `IDP_ISSUER` has the issuer; pure. @internal */
export function hasIssuer(
  setting: string | SecretValue | undefined,
  issuer: string,
): boolean {
  const text = setting instanceof SecretValue ? setting.reveal() : setting;
  return (
    text !== undefined && (text === issuer || rebuiltIssuer(text) === issuer)
  );
}

/** `idp` is the former name of `oidc`. */
function sameMethod(wanted: string, found: string): string {
  return wanted === 'oidc' && found === 'idp' ? found : wanted;
}

function sameIssuer(wanted: string, found: string): string {
  // A user name or password has no effect there, and must not stay.
  return hasIssuer(found, wanted) && !parseGoUrl(found)?.hasUser
    ? found
    : withUserInfoOf(wanted, found);
}
