import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import type { Observer } from '../observation/Observer';
import type { RequestService } from '../requests/RequestService';
import type { IntegrationService } from '../services/IntegrationService';
import type { Permits } from '../services/Permits';

/** What the actions work with. @internal */
export interface ActionServices {
  gateways: HoopAuthentikService;
  integrations: Pick<IntegrationService, 'getByEntity' | 'list'>;
  observer: Pick<Observer, 'observe'>;
  permits: Pick<Permits, 'requireGateway'>;
  requests: Pick<RequestService, 'create'>;
}
