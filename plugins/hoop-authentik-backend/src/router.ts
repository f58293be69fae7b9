import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotImplementedError } from '@backstage/errors';
import type express from 'express';
import Router from 'express-promise-router';
import { openApiDocument } from './openapi/openApiDocument';
import { gatewayRoutes } from './routes/gatewayRoutes';
import { integrationRoutes } from './routes/integrationRoutes';
import { answering } from './routes/request';
import { requestRoutes } from './routes/requestRoutes';
import type { RequestService } from './requests/RequestService';
import type { AccessService } from './services/AccessService';
import type { IntegrationService } from './services/IntegrationService';
import type { Lookups } from './services/Lookups';

/** @internal */
export interface RouterOptions {
  access: Pick<AccessService, 'getByEntity'>;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  integrations: IntegrationService;
  /** Whether app-config declares any gateway. */
  isConfigured: boolean;
  lookups: Lookups;
  requests: RequestService;
  /** Serves `/runs`. */
  runs: express.Router;
}

/** The HTTP API. @internal */
export function createRouter(options: RouterOptions): express.Router {
  const router = Router();
  router.use('/runs', options.runs);
  if (!options.isConfigured) {
    for (const path of ['/integrations', '/gateways', '/requests']) {
      router.get(path, () => {
        throw new NotImplementedError(
          'Not configured: app-config declares no gateway under hoopAuthentik.gateways',
        );
      });
    }
  }
  router.use('/integrations', integrationRoutes(options));
  router.use('/gateways', gatewayRoutes(options));
  router.use('/requests', requestRoutes(options));
  const document = openApiDocument();
  router.get(
    '/openapi.json',
    answering(options.httpAuth, async () => document),
  );
  return router;
}
