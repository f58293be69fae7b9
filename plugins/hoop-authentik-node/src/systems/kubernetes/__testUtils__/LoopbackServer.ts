import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fixture } from './fixtures';

/** A request as the server saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Common name in the client's certificate. */
  clientName: string | undefined;
}

/** Answers a request; its result is sent as JSON, unless it writes the response itself. */
export type Handler = (
  request: SeenRequest,
  response: ServerResponse,
) => object | undefined | void;

/** A real HTTPS server on loopback, with a certificate signed by the test authority. */
export class LoopbackServer {
  readonly requests: SeenRequest[] = [];
  /** TLS connections accepted so far. */
  connections = 0;
  handler: Handler = () => undefined;
  readonly #server: Server;

  static async start(): Promise<LoopbackServer> {
    const server = new LoopbackServer();
    await new Promise<void>(resolve =>
      server.#server.listen(0, '127.0.0.1', resolve),
    );
    return server;
  }

  private constructor() {
    this.#server = createServer(
      {
        cert: fixture('server.crt'),
        key: fixture('server.key'),
        ca: fixture('ca.crt'),
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => this.#serve(request, response),
    );
    this.#server.on('secureConnection', () => {
      this.connections++;
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `https://127.0.0.1:${port}`;
  }

  get last(): SeenRequest {
    return this.requests[this.requests.length - 1];
  }

  /** Answers every request alike. */
  answer(
    status: number,
    body: object | string,
    headers: Record<string, string> = {},
  ): void {
    this.handler = (_, response) => {
      send(response, status, body, headers);
    };
  }

  /** Breaks all connections. */
  breakOff(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'https://loopback');
      const socket = request.socket as TLSSocket;
      const seen: SeenRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        // A resumed session has no certificate, not even an empty one.
        clientName: socket.getPeerCertificate().subject?.CN?.toString(),
      };
      this.requests.push(seen);
      const body = this.handler(seen, response);
      if (body) {
        send(response, 200, body);
      }
    });
  }
}

/** Sends text as it is and anything else as JSON. */
export function send(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type':
      typeof body === 'string' ? 'text/plain' : 'application/json',
    ...headers,
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
