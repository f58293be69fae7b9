import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  lookupQuerySchema,
  planQuerySchema,
} from 'backstage-plugin-hoop-authentik-common';
import type express from 'express';
import Router from 'express-promise-router';
import type { Lookups } from '../services/Lookups';
import { answering, parsed } from './request';

/** `/gateways`. @internal */
export function gatewayRoutes({
  httpAuth,
  lookups,
}: {
  httpAuth: HttpAuthService;
  lookups: Lookups;
}): express.Router {
  const router = Router();

  router.get(
    '/',
    answering(httpAuth, async (_, { credentials }) => ({
      items: await lookups.listGateways(credentials),
    })),
  );

  for (const [path, look] of [
    ['groups', 'listGroups'],
    ['certificates', 'listCertificates'],
    ['flows', 'listFlows'],
  ] as const) {
    router.get(
      `/:gateway/${path}`,
      answering(httpAuth, async (req, caller) => ({
        items: await lookups[look](
          req.params.gateway,
          parsed(lookupQuerySchema, req.query),
          caller,
        ),
      })),
    );
  }

  router.get(
    '/:gateway/plan',
    answering(httpAuth, async (req, caller) =>
      lookups.planConnection(
        req.params.gateway,
        parsed(planQuerySchema, req.query),
        caller,
      ),
    ),
  );

  return router;
}
