import { SecretValue } from '../../core';
import type { ObservedIntegration } from '../types';

type Value = string | SecretValue | undefined;

/**
 * What may be shown of a value that stands where the client id should: the client secret may have ended up there. Where
 * the client id itself is found in the place of the secret the two were swapped, and whatever is in its own place is
 * taken for a secret, be it an old one that nothing here knows.
 *
 * @internal
 */
export function shownId(
  id: Value,
  clientId: string | undefined,
  secrets: readonly Value[],
): string {
  const text = id instanceof SecretValue ? id.reveal() : id;
  if (!text) {
    return '(unset)';
  }
  const isSecret =
    text !== clientId &&
    secrets.some(
      secret =>
        secret !== undefined &&
        [text, clientId].some(
          known => known !== undefined && new SecretValue(known).equals(secret),
        ),
    );
  return isSecret ? 'the client secret' : String(id);
}

/**
 * {@link shownId} for an id that is held against everything observed that is or should be the client secret.
 *
 * @internal
 */
export function shownObservedId(
  id: Value,
  { authentik, target, gateway }: ObservedIntegration,
): string {
  const provider = authentik.provider.ok ? authentik.provider.value : undefined;
  return shownId(id, provider?.clientId, [
    provider?.clientSecret,
    target.ok ? target.value.state.settings.IDP_CLIENT_SECRET.value : undefined,
    gateway.authConfig?.ok
      ? gateway.authConfig.value.oidc?.clientSecret
      : undefined,
  ]);
}
