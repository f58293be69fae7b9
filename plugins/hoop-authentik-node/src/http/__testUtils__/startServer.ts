import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A request as the test server received it.
 *
 * @internal
 */
export interface ReceivedRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** The body as sent. */
  text: string;
  /** The parsed body, if it is JSON. */
  body: unknown;
}

/**
 * A response of the test server; a body that is not a string is sent as JSON.
 *
 * @internal
 */
export interface CannedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/**
 * What the test server does with a request; `hang` never answers, `reset` breaks the connection.
 *
 * @internal
 */
export type Responder = (
  request: ReceivedRequest,
  count: number,
) => CannedAnswer | 'hang' | 'reset';

/** @internal */
export interface TestServer {
  url: string;
  /** Every request since the last `respond`. */
  requests: ReceivedRequest[];
  /** How many connections were opened. */
  sockets: () => number;
  /** Answers with this from now on and forgets earlier requests. */
  respond: (responder: Responder) => void;
  close: () => Promise<void>;
}

/**
 * A real HTTP server on loopback, so that tests see what a socket sees.
 *
 * @internal
 */
export async function startServer(): Promise<TestServer> {
  let responder: Responder = () => ({ status: 500 });
  let sockets = 0;
  const requests: ReceivedRequest[] = [];

  const server = createServer(async (req, res) => {
    const received = await receive(req);
    requests.push(received);
    const answer = responder(received, requests.length);
    if (answer === 'hang') {
      return;
    }
    if (answer === 'reset') {
      req.socket.destroy();
      return;
    }
    const plain = typeof answer.body === 'string';
    res.writeHead(answer.status, {
      ...(answer.body === undefined || plain
        ? {}
        : { 'content-type': 'application/json' }),
      ...answer.headers,
    });
    res.end(
      answer.body === undefined || plain
        ? (answer.body as string | undefined)
        : JSON.stringify(answer.body),
    );
  });
  server.on('connection', () => {
    sockets++;
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    sockets: () => sockets,
    respond(next) {
      requests.length = 0;
      responder = next;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function receive(req: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(req.url ?? '/', 'http://server');
  return {
    method: req.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    text,
    body: /json/.test(req.headers['content-type'] ?? '')
      ? JSON.parse(text)
      : undefined,
  };
}
