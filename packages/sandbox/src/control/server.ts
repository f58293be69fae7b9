import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../http/body';
import { closeServer, listen, withHooks } from '../http/server';
import { PolicyRule } from '../kubernetes/api/authorization';
import {
  RolloutFailure,
  rolloutFailures,
} from '../kubernetes/scriptedFailures';
import {
  ClusterFault,
  clusterFaultProblem,
  ClusterFaults,
} from '../kubernetes/clusterFaults';
import { Fault, faultProblem, Faults } from './faults';
import { AuthentikLatency } from './latency';
import { RequestLog } from './requestLog';

/** What the control endpoint steers. @internal */
export interface ControlSubjects {
  info(): unknown;
  requests: RequestLog;
  faults: Faults;
  secrets(): string[];
  failRollouts(failure: RolloutFailure, times: number): void;
  /** A bearer token of the Kubernetes stand-in with rules of its own. */
  addIdentity(user: string, rules: PolicyRule[]): string;
  /** Quotas, webhooks and what else may be in the way of a write. */
  clusterFaults: ClusterFaults;
  latency: AuthentikLatency;
  /** Whether the gateway's accounts behave as those of a real one. */
  compact(): void;
  /** Takes the configuration that the gateway stores out of its database; one that runs keeps what it has loaded. */
  forgetAuthConfig(): void;
  /** Takes everybody out of the gateway's database, as in one that was just set up; its keys stay. */
  forgetUsers(): void;
  reset(): Promise<void>;
}

type Route = (
  body: Record<string, unknown>,
  url: URL,
) => Promise<unknown> | unknown;

/** A request that makes no sense; answered 400. */
class ControlError extends Error {}

function routesOf(subjects: ControlSubjects): Record<string, Route> {
  return {
    'GET /': () => subjects.info(),
    'GET /requests': (_body, url) =>
      subjects.requests.since(Number(url.searchParams.get('since') ?? 0)),
    'GET /secrets': () => subjects.secrets(),
    'GET /memory': () => ({ rss: process.memoryUsage().rss }),
    'GET /faults': () => subjects.faults.list(),
    'POST /faults': body => {
      const problem = faultProblem(body);
      if (problem) {
        throw new ControlError(problem);
      }
      subjects.faults.add(body as unknown as Fault);
      return subjects.faults.list();
    },
    'DELETE /faults': () => {
      subjects.faults.clear();
      return [];
    },
    'POST /kubernetes/rollout': body => {
      const failure = rolloutFailures.find(known => known === body.fail);
      const times = Number(body.times ?? 1);
      if (!failure || !Number.isInteger(times) || times < 1) {
        throw new ControlError(
          `fail must be one of ${rolloutFailures.join(
            ', ',
          )} and times a positive number`,
        );
      }
      subjects.failRollouts(failure, times);
      return { fail: failure, times };
    },
    'POST /kubernetes/identities': body => {
      if (typeof body.user !== 'string' || !Array.isArray(body.rules)) {
        throw new ControlError('user and rules are needed');
      }
      return {
        user: body.user,
        token: subjects.addIdentity(body.user, body.rules as PolicyRule[]),
      };
    },
    'GET /kubernetes/faults': () => subjects.clusterFaults.list(),
    'POST /kubernetes/faults': body => {
      const problem = clusterFaultProblem(body);
      if (problem) {
        throw new ControlError(problem);
      }
      subjects.clusterFaults.add(body as unknown as ClusterFault);
      return subjects.clusterFaults.list();
    },
    'DELETE /kubernetes/faults': () => {
      subjects.clusterFaults.clear();
      return subjects.clusterFaults.list();
    },
    'POST /authentik/latency': body => {
      const scale = Number(body.scale ?? 1);
      if (!(scale >= 0)) {
        throw new ControlError('scale must be a number, 0 is off');
      }
      subjects.latency.set(scale);
      return { scale };
    },
    'POST /kubernetes/compact': () => {
      subjects.compact();
      return {};
    },
    'DELETE /gateway/auth-config': () => {
      subjects.forgetAuthConfig();
      return {};
    },
    'DELETE /gateway/users': () => {
      subjects.forgetUsers();
      return {};
    },
    'POST /reset': async () => {
      await subjects.reset();
      return subjects.info();
    },
  };
}

async function parseBody(
  req: IncomingMessage,
): Promise<Record<string, unknown>> {
  const text = await readBody(req);
  if (!text.trim()) {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) {
      return { ...value };
    }
  } catch {
    // Answered below, like every other body that is no object.
  }
  throw new ControlError('the body is no JSON object');
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(`${JSON.stringify(body)}\n`);
}

/** Serves what tests, the demo and benches need to know and to upset. @internal */
export async function startControl(
  subjects: ControlSubjects,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const routes = routesOf(subjects);
  const server = createServer(
    withHooks(
      {},
      async (req, res) => {
        const url = new URL(req.url ?? '/', 'http://sandbox.invalid');
        const route = routes[`${req.method} ${url.pathname}`];
        if (!route) {
          send(res, 404, {
            message: `the sandbox control endpoint knows: ${Object.keys(
              routes,
            ).join(', ')}`,
          });
          return;
        }
        send(res, 200, await route(await parseBody(req), url));
      },
      (error, res) =>
        send(res, error instanceof ControlError ? 400 : 500, {
          message: error instanceof Error ? error.message : String(error),
        }),
    ),
  );
  const actualPort = await listen(server, port);
  return {
    url: `http://127.0.0.1:${actualPort}`,
    close: () => closeServer(server),
  };
}
