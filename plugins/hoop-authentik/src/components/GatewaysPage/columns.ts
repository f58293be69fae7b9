import type { IntegrationSortField } from 'backstage-plugin-hoop-authentik-common';

/** The columns; those that the server sorts by can be sorted. @internal */
export const COLUMNS = [
  { id: 'gateway', sort: 'gateway' },
  { id: 'state', sort: 'state' },
  { id: 'problem' },
  { id: 'entity', sort: 'entity' },
  { id: 'owner', sort: 'owner' },
  { id: 'authentik' },
  { id: 'target' },
  { id: 'version' },
  { id: 'keyExpiry', sort: 'keyExpiry' },
  { id: 'checkedAt', sort: 'checkedAt' },
  { id: 'menu' },
] as const satisfies ReadonlyArray<{ id: string; sort?: IntegrationSortField }>;
