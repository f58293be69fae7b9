import { useApi, type ApiHolder } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useMemo } from 'react';
import { hoopAuthentikApiRef } from '../api';
import type { LookupApis } from './loadGatewayChoices';

/** What a field asks. @internal */
export function useLookupApis(): LookupApis {
  const api = useApi(hoopAuthentikApiRef);
  const catalog = useApi(catalogApiRef);
  return useMemo(() => ({ api, catalog }), [api, catalog]);
}

/** What the validation of a field asks; `undefined` where the app lacks it. @internal */
export function lookupApisOf(holder: ApiHolder): LookupApis | undefined {
  const api = holder.get(hoopAuthentikApiRef);
  const catalog = holder.get(catalogApiRef);
  return api && catalog ? { api, catalog } : undefined;
}
