import { ConfigReader } from '@backstage/config';
import type { ApplicationContext } from 'backstage-plugin-hoop-authentik-node';
import {
  DefaultHoopAuthentikService,
  type AuthentikClient,
  type OidcProbes,
} from 'backstage-plugin-hoop-authentik-node/alpha';

/** An authentik server, seen through the clients that the plugins use. */
export interface Connection {
  client: AuthentikClient;
  probes: OidcProbes;
  context: ApplicationContext;
  close(): Promise<void>;
}

/** A gateway that exists nowhere: nothing is ever asked of it. */
const GATEWAY = {
  name: 'contract',
  url: 'https://gateway.contract.invalid',
  target: {
    type: 'kubernetes',
    cluster: { inCluster: true },
    namespace: 'contract',
  },
};

/** Makes the clients as a backend does, from app-config; each connection has connections to the server of its own. */
export function connect({
  url,
  token,
}: {
  url: string;
  token: string;
}): Connection {
  const service = DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [{ name: 'contract', baseUrl: url, token }],
        gateways: [GATEWAY],
      },
    }),
  });
  const { systems, applicationContext } = service.getGateway(GATEWAY.name);
  return {
    client: systems.authentik,
    probes: systems.probes,
    context: applicationContext(),
    close: () => service.close(),
  };
}
