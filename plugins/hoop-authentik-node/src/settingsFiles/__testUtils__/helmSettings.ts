import { patchHelmValues, type HelmValuesOptions } from '../patchHelmValues';

/** @internal */
export const ISSUER = 'https://authentik.company/application/o/hoop/';

/** @internal */
export const OPTIONS: HelmValuesOptions = {
  file: 'values.yaml',
  settings: {
    AUTH_METHOD: 'oidc',
    IDP_CLIENT_ID: 'client-1',
    IDP_GROUPS_CLAIM: 'groups',
    IDP_ISSUER: ISSUER,
  },
};

/** @internal */
export function patch(text: string, options: Partial<HelmValuesOptions> = {}) {
  return patchHelmValues(text, { ...OPTIONS, ...options });
}

/** The settings as they are written into a block map. @internal */
export const BLOCK = `  AUTH_METHOD: oidc
  IDP_CLIENT_ID: client-1
  IDP_GROUPS_CLAIM: groups
  IDP_ISSUER: ${ISSUER}
`;
