import http from 'node:http';
import https from 'node:https';

/** @internal */
export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** @internal */
export interface SendOptions {
  url: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** PEM of the authority of an https server. */
  ca?: string;
  /** Ends an answer that would go on for ever. */
  signal?: AbortSignal;
}

/** A request with exactly the headers given, `Host` included. @internal */
export function send(options: SendOptions): Promise<Reply> {
  const { hostname, port, protocol } = new URL(options.url);
  const { request } = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        ca: options.ca,
        agent: false,
        method: options.method,
        path: options.path,
        headers: {
          ...options.headers,
          ...(options.body !== undefined && {
            'Content-Length': String(Buffer.byteLength(options.body)),
          }),
        },
      },
      response => {
        const chunks: Buffer[] = [];
        const done = () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', error =>
          options.signal?.aborted ? done() : reject(error),
        );
        response.on('end', done);
        options.signal?.addEventListener('abort', () => response.destroy());
        response.on('close', done);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}
