import type { ClusterConnection } from '../types';
import { DefaultKubernetesClient } from '../client/DefaultKubernetesClient';
import { TOKEN } from './answers';
import { fixture } from './fixtures';
import type { LoopbackServer } from './LoopbackServer';

/** A client that trusts the server and has credentials. */
export function clientOf(
  { url }: LoopbackServer,
  options: { timeoutMs?: number } = {},
  tls: ClusterConnection['tls'] = {},
  path = '',
): DefaultKubernetesClient {
  return new DefaultKubernetesClient(
    {
      server: url + path,
      tls: { ca: fixture('ca.crt'), ...tls },
      headers: async () => ({ authorization: `Bearer ${TOKEN}` }),
    },
    options,
  );
}
