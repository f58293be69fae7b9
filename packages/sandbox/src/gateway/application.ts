import express, { ErrorRequestHandler, Express } from 'express';
import { authenticated, sendMessage } from './authentication';
import { GatewayInstance } from './instance';
import { authConfigRoutes } from './routes/authConfig';
import { localAuthRoutes } from './routes/localAuth';
import { apiKeyRoutes, userRoutes } from './routes/people';
import { signInRoutes } from './routes/signIn';

/** From 1.59.2 on, `GET /publicserverinfo` tells whether there are users. */
function tellsOfSetup(version: string): boolean {
  return version.localeCompare('1.59.2', 'en', { numeric: true }) >= 0;
}

/** The HTTP side of one gateway process. @internal */
export function createGatewayApplication(instance: GatewayInstance): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_req, res, next) => {
    res.setHeader('server', `hoopgateway/${instance.version}`);
    next();
  });
  app.use(express.json());
  const api = express.Router({ strict: true });
  api.get('/healthz', (_req, res) => {
    res.json({ liveness: 'OK' });
  });
  api.get('/publicserverinfo', (_req, res) => {
    res.json({
      auth_method: instance.method(),
      ...(tellsOfSetup(instance.version) && {
        setup_required: instance.database.users.length === 0,
      }),
    });
  });
  api.get(
    '/serverinfo',
    authenticated(instance, 'any', (_req, res) => {
      res.json({
        version: instance.version,
        commit_sha: 'sandbox',
        auth_method: instance.method(),
        api_url: instance.apiUrl.text,
        grpc_url: `grpc://${instance.apiUrl.hostname}:8010`,
        idp_provider_name: 'unknown',
        has_idp_audience: Boolean(instance.env.IDP_AUDIENCE),
        has_idp_custom_scopes: Boolean(instance.env.IDP_CUSTOM_SCOPES),
        tenancy_type:
          instance.env.ORG_MULTI_TENANT === 'true'
            ? 'multitenant'
            : 'selfhosted',
        log_level: 'INFO',
        license_info: null,
        feature_flags: {},
      });
    }),
  );
  api.get(
    '/server-logs',
    authenticated(instance, 'admin', (_req, res) => {
      res.json(instance.log);
    }),
  );
  api.use(signInRoutes(instance));
  api.use(localAuthRoutes(instance));
  api.use(userRoutes(instance));
  api.use(apiKeyRoutes(instance));
  api.use(authConfigRoutes(instance));
  app.use(`${instance.apiUrl.path}/api`, api);
  app.use((_req, res) => sendMessage(res, 404, 'not found'));
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    const status = typeof error?.status === 'number' ? error.status : 500;
    sendMessage(
      res,
      status,
      status === 500 ? 'internal server error' : String(error.message),
    );
  };
  app.use(onError);
  return app;
}
