import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError } from '@backstage/errors';
import { status } from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { FakeCluster } from '../__testUtils__/FakeCluster';
import { LoopbackServer, send } from '../__testUtils__/LoopbackServer';
import { deploymentOf } from '../__testUtils__/objects';
import { DeploymentWatch } from './deploymentWatch';
import { waitForRollout } from './waitForRollout';

const SECONDS = 3;

const event = (type: string, object: unknown) =>
  `${JSON.stringify({ type, object })}\n`;

describe('DeploymentWatch', () => {
  let server: LoopbackServer;

  beforeEach(async () => {
    server = await LoopbackServer.start();
  });

  afterEach(async () => {
    await server.stop();
  });

  /** An old Deployment: the version of the object never changes, whatever is read. */
  const stale = () => deploymentOf(2, { observedGeneration: 1 });

  it.each<[string, (response: ServerResponse) => void]>([
    [
      'lets every version expire',
      response =>
        send(response, 410, status(410, 'Expired', 'too old resource version')),
    ],
    [
      'lets every version expire in the stream',
      response =>
        response.end(event('ERROR', status(410, 'Expired', 'too old'))),
    ],
    ['closes every watch', response => response.end()],
    [
      'closes every watch after an event',
      response => response.end(event('MODIFIED', stale())),
    ],
    ['breaks every watch', response => response.destroy()],
    ['is not ready', response => send(response, 503, 'no')],
    [
      'is too busy',
      response => send(response, 429, 'no', { 'retry-after': '0' }),
    ],
    [
      'sends changes without end',
      response => {
        let version = 1000;
        const timer = setInterval(() => {
          const next = stale();
          next.metadata.resourceVersion = `${++version}`;
          response.write(event('MODIFIED', next));
        }, 5);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])(
    'should stay below five requests a second where the server %s',
    async (_, answerWatch) => {
      const begun = Date.now();
      const times: number[] = [];
      server.handler = ({ query, path }, response) => {
        times.push(Date.now());
        if (query.watch) {
          answerWatch(response);
          return undefined;
        }
        return path.endsWith('/pods')
          ? { kind: 'PodList', items: [] }
          : stale();
      };
      const client = clientOf(server);
      await waitForRollout({
        client,
        namespace: 'hoop',
        deployment: 'hoopgateway',
        container: 'hoopgateway',
        timeoutMs: SECONDS * 1000,
        from: stale(),
        onProgress: () => {},
        redact: text => text,
      });
      expect(times.filter(at => at > begun + 1000).length).toBeLessThanOrEqual(
        5 * (SECONDS - 1),
      );
      expect(times.length).toBeLessThanOrEqual(5 * SECONDS + 4);
      // Never from the version of the object, which may be too old for ever.
      expect(
        server.requests.filter(({ query }) => query.resourceVersion),
      ).toEqual([]);
      await client.close();
    },
  );

  it('should not publish the state that its reader has', async () => {
    const cluster = new FakeCluster(deploymentOf(2));
    const watch = new DeploymentWatch(cluster, 'hoop', 'hoopgateway', 200);
    const controller = new AbortController();
    const { signal } = controller;
    const known = cluster.deployment!.metadata.resourceVersion;
    const running = watch.run(known, signal);
    expect(await watch.next(50, signal)).toBeUndefined();
    cluster.failures.watch = [new ConflictError('expired')];
    cluster.notify('close');
    await sleep(10);
    // Changes while no watch is open.
    cluster.update(() => {});
    const change = await watch.next(2_000, signal);
    expect(change?.deployment).toEqual(cluster.deployment);
    controller.abort();
    await running;
  });
});
