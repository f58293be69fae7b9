import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../src/backendProcess';
import { configOf, type FurtherGateway } from './furtherGateways';

interface PortalConfig {
  catalog: { locations: object[] };
  hoopAuthentik: { authentik: object[]; gateways: object[] };
}

/** What is laid over app-config.yaml for further gateways: a list in a later file replaces the whole list. @internal */
export async function portalConfig(
  gateways: readonly FurtherGateway[],
): Promise<PortalConfig> {
  const { catalog, hoopAuthentik }: PortalConfig = parse(
    await readFile(join(ROOT, 'app-config.yaml'), 'utf8'),
  );
  const further = configOf(gateways);
  return {
    catalog: {
      locations: [
        ...catalog.locations,
        { type: 'file', target: join(ROOT, 'examples/gateways.yaml') },
      ],
    },
    hoopAuthentik: {
      authentik: [...hoopAuthentik.authentik, ...further.authentik],
      gateways: [...hoopAuthentik.gateways, ...further.gateways],
    },
  };
}
