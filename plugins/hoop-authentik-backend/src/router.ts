import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import express from 'express';
import Router from 'express-promise-router';
import type { IntegrationService } from './services/IntegrationService';

/** @internal */
export interface RouterOptions {
  httpAuth: HttpAuthService;
  integrations: IntegrationService;
  /** Serves `/runs`. */
  runs: express.Router;
}

/**
 * The HTTP API. Errors of `@backstage/errors` become their statuses in the middleware that Backstage mounts.
 *
 * @internal
 */
export function createRouter({
  httpAuth,
  integrations,
  runs,
}: RouterOptions): express.Router {
  const router = Router();

  router.get(
    '/integrations/by-entity/:kind/:namespace/:name',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req, {
        allow: ['user', 'service'],
      });
      const { kind, namespace, name } = req.params;
      const gone = new AbortController();
      res.on('close', () => gone.abort());
      try {
        const integration = await integrations.getByEntity(
          { kind, namespace, name },
          { credentials, signal: gone.signal },
        );
        res.json(integration);
      } catch (error) {
        // The caller has left, so what was abandoned is no failure to log.
        if (!gone.signal.aborted) {
          throw error;
        }
      }
    },
  );

  router.use('/runs', runs);
  router.use(nameTheWait);

  return router;
}

/** An error may say when it is worth to ask again, in seconds. */
function nameTheWait(
  error: unknown,
  _req: express.Request,
  res: express.Response,
  next: express.NextFunction,
) {
  if (isError(error) && typeof error.retryAfter === 'number') {
    res.setHeader('Retry-After', `${error.retryAfter}`);
  }
  next(error);
}
