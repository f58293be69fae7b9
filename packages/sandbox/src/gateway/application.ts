import express, { ErrorRequestHandler, Express, Router } from 'express';
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

/** A path that is a route but for its trailing slash leads there. */
function isRoute(
  api: Router,
  prefix: string,
  path: string,
  sent: string,
): boolean {
  return (
    sent !== path &&
    path.startsWith(prefix) &&
    api.stack.some(layer => layer.route?.path === path.slice(prefix.length))
  );
}

function serverInfo(instance: GatewayInstance) {
  const { env, apiUrl } = instance;
  return {
    version: instance.version,
    commit_sha: 'sandbox',
    log_level: env.LOG_LEVEL ?? '',
    go_debug: '',
    auth_method: instance.method(),
    redact_provider: '',
    has_redact_credentials: false,
    has_webhook_app_key: false,
    has_idp_audience: Boolean(env.IDP_AUDIENCE),
    has_idp_custom_scopes: Boolean(env.IDP_CUSTOM_SCOPES),
    has_ask_ai_credentials: false,
    has_ssh_client_host_key: false,
    postgres_proxy_enabled: false,
    api_url: apiUrl.text,
    grpc_url: `grpc://${apiUrl.hostname}:8010`,
    tenancy_type:
      env.ORG_MULTI_TENANT === 'true' ? 'multitenant' : 'selfhosted',
    license_info: {
      key_id: '',
      allowed_hosts: ['*'],
      type: 'oss',
      issued_at: 0,
      expire_at: 0,
      is_valid: true,
      status: 'valid',
      verify_error: '',
      verified_host: apiUrl.hostname,
      features: [],
    },
    idp_provider_name: 'unknown',
    disable_sessions_download: false,
    disable_clipboard_copy_cut: false,
    analytics_tracking: 'enabled',
    analytics_mode: 'identified',
    feature_flags: {},
  };
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
  app.use((req, res, next) => {
    if (req.method === 'OPTIONS') {
      res.status(204).end();
      return;
    }
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
        setup_required:
          instance.env.ORG_MULTI_TENANT !== 'true' &&
          instance.database.users.length === 0,
      }),
    });
  });
  api.get(
    '/serverinfo',
    authenticated(instance, 'any', (_req, res) => {
      res.json(serverInfo(instance));
    }),
  );
  for (const path of ['/agents', '/connections']) {
    api.get(
      path,
      authenticated(instance, 'any', (_req, res) => {
        res.json([]);
      }),
    );
  }
  api.get('/saml/login', (_req, res) =>
    sendMessage(res, 401, 'SAML provider not configured'),
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
  const prefix = `${instance.apiUrl.path}/api`;
  app.use(prefix, api);
  app.use((req, res) => {
    const path = req.path.replace(/(.)\/$/, '$1');
    if (path === '/.well-known/oauth-protected-resource') {
      res.status(404).end();
    } else if (req.method === 'GET' && isRoute(api, prefix, path, req.path)) {
      res
        .status(301)
        .type('html')
        .set('Location', path)
        .end(`<a href="${path}">Moved Permanently</a>.\n\n`);
    } else {
      res.status(404);
      // As Go writes it, without a character set.
      res.setHeader('content-type', 'text/plain');
      res.end('404 page not found');
    }
  });
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    if (error instanceof SyntaxError) {
      // A body that ends too early is a field that cannot be bound.
      sendMessage(res, 422, 'unexpected EOF');
      return;
    }
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
