import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authorize } from './login/authorize';
import { Flows } from './login/flows';
import { homePage } from './login/pages';
import { Sessions } from './login/sessions';
import { OidcEngine } from './oidc/engine';
import { metadata } from './oidc/metadata';
import { TokenEndpoints } from './oidc/tokenEndpoints';
import { applicationRoutes } from './rest/applications';
import { bindingRoutes } from './rest/bindings';
import { eventRoutes } from './rest/events';
import { lookupRoutes } from './rest/lookups';
import { providerRoutes } from './rest/providers';
import { Router } from './rest/router';
import { serverRoutes } from './rest/server';
import { transactionalRoutes } from './rest/transactional';
import { notSimulated } from './notSimulated';
import { directoryRoutes } from './rest/directory';
import { Store } from './store/store';
import type { Answer, RawRequest } from './support/http';
import {
  errorView,
  htmlAnswer,
  HTML,
  jsonAnswer,
  readRequest,
} from './support/http';
import type { AuthentikSandbox, AuthentikSandboxOptions } from './types';

/**
 * The parts of a stand-in, wired together.
 *
 * @internal
 */
export class AuthentikServer {
  readonly store: Store;
  readonly #engine: OidcEngine;
  readonly #sessions = new Sessions();
  readonly #router: Router;
  readonly #flows: Flows;
  readonly #authorize: Authorize;
  readonly #tokens: TokenEndpoints;

  constructor(private readonly options: AuthentikSandboxOptions = {}) {
    const store = new Store(options.version ?? '2026.8', options.token);
    this.store = store;
    this.#engine = new OidcEngine(store);
    this.#flows = new Flows(store, this.#sessions);
    this.#authorize = new Authorize(store, this.#engine, this.#sessions);
    this.#tokens = new TokenEndpoints(store, this.#engine);
    this.#router = new Router(store, [
      ...serverRoutes,
      ...applicationRoutes(store),
      ...transactionalRoutes,
      ...providerRoutes,
      ...bindingRoutes,
      ...eventRoutes,
      ...lookupRoutes,
      ...directoryRoutes,
    ]);
  }

  reset(): void {
    this.store.seed();
    this.#engine.reset();
    this.#sessions.reset();
    this.#authorize.reset();
  }

  async listen(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const started = Date.now();
    const method = req.method ?? 'GET';
    const path = req.url ?? '/';
    res.on('finish', () =>
      this.options.onRequest?.({
        method,
        path,
        status: res.statusCode,
        durationMs: Date.now() - started,
      }),
    );
    try {
      if (await this.options.intercept?.(req, res)) return;
      write(res, method, await this.#answer(await readRequest(req)));
    } catch (error) {
      process.stderr.write(`sandbox authentik: ${String(error)}\n`);
      if (!res.headersSent) write(res, method, errorView(method, 500));
      else res.end();
    }
  }

  async #answer(request: RawRequest): Promise<Answer> {
    const { path } = request;
    const gap = notSimulated(request.method, path);
    if (gap) {
      return jsonAnswer(501, {
        detail: `Not simulated by the sandbox: ${gap.reason}`,
      });
    }
    if (path.startsWith('/-/health/')) {
      return {
        status: 200,
        headers: { 'Content-Type': HTML },
        body: '',
      };
    }
    if (path === '/') {
      return htmlAnswer(200, homePage(this.store.version));
    }
    const flow = await this.#flows.handle(request);
    if (flow) return flow;
    if (path.startsWith('/api/v3/')) return this.#router.handle(request);
    return (
      (await this.#tokens.handle(request)) ??
      (await this.#authorize.handle(request)) ??
      metadata(this.store, request) ??
      errorView(request.method, 404)
    );
  }
}

function write(res: ServerResponse, method: string, answer: Answer): void {
  res.writeHead(answer.status, {
    ...answer.headers,
    'X-Powered-By': 'sandbox-authentik',
    ...(answer.status !== 204 && {
      'Content-Length': Buffer.byteLength(answer.body),
    }),
  });
  res.end(method === 'HEAD' ? undefined : answer.body);
}

/** @internal */
export async function listenOn(
  server: AuthentikServer,
  port: number,
): Promise<AuthentikSandbox> {
  const { store } = server;
  const httpServer = http.createServer((req, res) => {
    server.listen(req, res);
  });
  await new Promise<void>((resolve, reject) => {
    httpServer.once('error', reject);
    httpServer.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = httpServer.address() as AddressInfo;
  const admin = store.tokenKey('akadmin');
  return {
    url: `http://127.0.0.1:${actual}`,
    token: admin,
    tokens: {
      admin,
      leastPrivilege: store.tokenKey('backstage'),
      noPermissions: store.tokenKey('no-permissions'),
    },
    secrets: () => store.secrets(),
    reset: () => server.reset(),
    close: () =>
      new Promise<void>((resolve, reject) => {
        httpServer.close(error => (error ? reject(error) : resolve()));
        httpServer.closeAllConnections();
      }),
  };
}

/**
 * Starts a stand-in for authentik on loopback.
 *
 * @public
 */
export async function startAuthentik(
  options: AuthentikSandboxOptions = {},
): Promise<AuthentikSandbox> {
  return listenOn(new AuthentikServer(options), options.port ?? 0);
}
