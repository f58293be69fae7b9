import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  integrationQuerySchema,
  pageQuerySchema,
} from 'backstage-plugin-hoop-authentik-common';
import type express from 'express';
import Router from 'express-promise-router';
import type { AccessService } from '../services/AccessService';
import type { RequestService } from '../requests/RequestService';
import type { IntegrationService } from '../services/IntegrationService';
import { answering, audited, entityOf, parsed } from './request';

const BY_ENTITY = '/by-entity/:kind/:namespace/:name';

/** `/integrations`. @internal */
export function integrationRoutes(options: {
  access: Pick<AccessService, 'getByEntity'>;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  integrations: IntegrationService;
  requests: Pick<RequestService, 'options'>;
}): express.Router {
  const { access, auditor, httpAuth, integrations, requests } = options;
  const router = Router();

  router.get(
    '/',
    answering(httpAuth, (req, caller) =>
      integrations.list(parsed(integrationQuerySchema, req.query), caller),
    ),
  );

  router.get(
    BY_ENTITY,
    answering(httpAuth, (req, caller) =>
      integrations.getByEntity(entityOf(req), caller),
    ),
  );

  router.post(
    `${BY_ENTITY}/refresh`,
    answering(
      httpAuth,
      (req, caller) =>
        audited(
          auditor,
          {
            eventId: 'integration-refresh',
            request: req,
            severityLevel: 'medium',
            meta: { entityRef: stringifyEntityRef(entityOf(req)) },
          },
          () => integrations.refresh(entityOf(req), caller),
        ),
      202,
    ),
  );

  router.get(
    `${BY_ENTITY}/refresh`,
    answering(httpAuth, (req, caller) =>
      integrations.getRefresh(entityOf(req), caller),
    ),
  );

  router.get(
    `${BY_ENTITY}/history`,
    answering(httpAuth, (req, caller) =>
      integrations.getHistory(
        entityOf(req),
        parsed(pageQuerySchema, req.query),
        caller,
      ),
    ),
  );

  router.get(
    `${BY_ENTITY}/request-options`,
    answering(httpAuth, (req, caller) =>
      requests.options(entityOf(req), caller),
    ),
  );

  router.get(
    `${BY_ENTITY}/access`,
    answering(httpAuth, (req, caller) =>
      // Who may sign in where concerns people, so that it is recorded who looks.
      audited(
        auditor,
        {
          eventId: 'access-read',
          request: req,
          severityLevel: 'low',
          meta: { entityRef: stringifyEntityRef(entityOf(req)) },
        },
        () => access.getByEntity(entityOf(req), caller),
      ),
    ),
  );

  return router;
}
