import type { ObservedIntegration } from '../types';

/** @internal */
export function hasOidcLoaded({
  oidcLoaded,
}: Pick<ObservedIntegration['gateway'], 'oidcLoaded'>): boolean {
  return oidcLoaded.ok && oidcLoaded.value;
}
