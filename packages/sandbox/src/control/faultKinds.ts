import { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http/body';
import { StatusError } from '../kubernetes/status';
import { SandboxSystem } from './requestLog';

/** What can become of an answer. @public */
export const FAULT_KINDS = [
  // Before anything is carried out.
  'refused',
  'hang',
  'busy',
  'busy-with-time',
  'echo-400',
  'echo-403',
  'echo-500',
  'html-502',
  'login-page',
  'invalid-json',
  'truncated-json',
  // Carried out.
  'reset-mid-body',
  'slow-drip',
  'lost-answer',
  'killed',
] as const;

/** @public */
export type FaultKind = (typeof FAULT_KINDS)[number];

const DRIP_MS = 500;
const HTML = { 'content-type': 'text/html' };
const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Answers in a way that no healthy system does, or sees to it that the answer of the system goes wrong.
 *
 * @returns whether the request was answered, or cut, here
 * @internal
 */
export async function answerWrongly(
  kind: FaultKind,
  system: SandboxSystem,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  switch (kind) {
    case 'refused':
      req.socket.destroy();
      return true;
    case 'hang':
      return true;
    case 'busy':
    case 'busy-with-time':
      res.writeHead(429, {
        'content-type': 'text/plain',
        ...(kind === 'busy' ? {} : { 'retry-after': '1' }),
      });
      res.end('Too many requests, please try again later.');
      return true;
    case 'echo-400':
    case 'echo-403':
    case 'echo-500':
      await echo(Number(kind.slice(-3)), system, req, res);
      return true;
    case 'html-502':
      res.writeHead(502, HTML);
      res.end('<html><body><h1>502 Bad Gateway</h1></body></html>');
      return true;
    case 'login-page':
      res.writeHead(200, HTML);
      res.end('<html><body><form action="/login"></form></body></html>');
      return true;
    case 'invalid-json':
      res.writeHead(200, JSON_TYPE);
      res.end('{"results": [,]}');
      return true;
    case 'truncated-json':
      res.writeHead(200, JSON_TYPE);
      res.end('{"pk": 1, "metadata": {"na');
      return true;
    default:
      spoil(kind, req, res);
      return false;
  }
}

/** Repeats everything that was sent, credentials included, in the words of the system. */
async function echo(
  status: number,
  system: SandboxSystem,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { authorization = '' } = req.headers;
  const message = `cannot process ${authorization} ${await readBody(req)}`;
  const bodies: Record<SandboxSystem, unknown> = {
    authentik: { detail: message },
    gateway: { message },
    kubernetes: new StatusError(status, 'Unknown', message).toStatus(),
  };
  res.writeHead(status, JSON_TYPE);
  res.end(JSON.stringify(bodies[system]));
}

/** Lets the system carry the request out, and sends its answer in pieces or not at all. */
function spoil(
  kind: FaultKind,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const write = res.write.bind(res);
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
      chunks.push(Buffer.from(chunk));
    }
    return true;
  };
  Object.assign(res, {
    write: keep,
    end(chunk: unknown) {
      keep(chunk);
      if (kind === 'lost-answer' || kind === 'killed') {
        req.socket.destroy();
        return res;
      }
      const body = Buffer.concat(chunks);
      const half = Math.ceil(body.length / 2);
      res.flushHeaders();
      write(body.subarray(0, half));
      if (kind === 'reset-mid-body') {
        setTimeout(() => req.socket.destroy(), DRIP_MS / 10);
        return res;
      }
      let at = half;
      const timer = setInterval(() => {
        if (at < body.length && !res.destroyed) {
          write(body.subarray(at, at + 1));
          at += 1;
        } else {
          clearInterval(timer);
          req.socket.destroy();
        }
      }, DRIP_MS);
      return res;
    },
  });
}
