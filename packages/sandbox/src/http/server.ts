import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

/** Called before a server handles a request; true means the request was answered. @internal */
export type Intercept = (
  req: IncomingMessage,
  res: ServerResponse,
) => Promise<boolean> | boolean;

/** One answered request. @internal */
export interface AnsweredRequest {
  method: string;
  path: string;
  status: number;
  durationMs: number;
}

/** Hooks every server of the sandbox takes. @internal */
export interface ServerHooks {
  intercept?: Intercept;
  onRequest?: (request: AnsweredRequest) => void;
}

/** Wraps a request handler with the hooks. @internal */
export function withHooks(
  hooks: ServerHooks,
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
  fail: (error: unknown, res: ServerResponse) => void,
): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const startedAt = performance.now();
    const { method = 'GET', url: path = '/' } = req;
    res.once('close', () => {
      if (res.headersSent) {
        hooks.onRequest?.({
          method,
          path,
          status: res.statusCode,
          durationMs: performance.now() - startedAt,
        });
      }
    });
    const run = async () => {
      if (!(await hooks.intercept?.(req, res))) {
        await handle(req, res);
      }
    };
    run().catch(error => fail(error, res));
  };
}

/** Starts listening on loopback; resolves with the port, rejects when it is taken. @internal */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** @internal */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
