import {
  createServer,
  request as plainRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Between a client and a system of the sandbox, for faults that the sandbox itself does not offer. */
export interface Interceptor {
  url: string;
  close(): Promise<void>;
}

/** @internal */
export interface InterceptorOptions {
  /** The system behind. */
  url: string;
  /** Its certificate authority, where it speaks TLS. */
  ca?: Buffer;
  /** Sent with each request, in the client's stead. */
  token?: string;
  /** Changes the text of an answer. */
  rewrite?(text: string): string;
  /** Whether a request does not get through at all. */
  refuses?(method: string, path: string): boolean;
  /** Whether a request is answered 403 without getting through. */
  forbids?(method: string, path: string): boolean;
  /** Whether a request is carried out, but its answer lost on the way back. */
  losesAnswer?(method: string, path: string): boolean;
}

/** @internal */
export async function startInterceptor(
  options: InterceptorOptions,
): Promise<Interceptor> {
  const server = createServer((req, res) => {
    forward(options, req, res).catch(() => req.socket.destroy());
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function forward(
  options: InterceptorOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: path = '/' } = req;
  if (options.refuses?.(method, path)) {
    req.socket.destroy();
    return;
  }
  if (options.forbids?.(method, path)) {
    req.resume();
    res.writeHead(403, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden' }));
    return;
  }
  const target = new URL(path, options.url);
  const send = target.protocol === 'https:' ? tlsRequest : plainRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = send(
      target,
      {
        method,
        ca: options.ca,
        headers: {
          ...req.headers,
          ...(options.token
            ? { authorization: `Bearer ${options.token}` }
            : {}),
        },
      },
      resolve,
    );
    outgoing.on('error', reject);
    res.on('close', () => outgoing.destroy());
    req.pipe(outgoing);
  });
  if (options.losesAnswer?.(method, path)) {
    answer.resume();
    answer.once('end', () => req.socket.destroy());
    return;
  }
  const { rewrite } = options;
  if (!rewrite) {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
    return;
  }
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) {
    text += chunk;
  }
  const { 'content-length': _, ...headers } = answer.headers;
  res.writeHead(answer.statusCode ?? 502, headers);
  res.end(rewrite(text));
}
