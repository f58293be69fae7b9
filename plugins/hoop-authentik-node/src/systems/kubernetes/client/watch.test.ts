import type { ServerResponse } from 'node:http';
import type { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { KubernetesForbiddenError } from './errors';
import { clientOf } from '../__testUtils__/clientOf';
import { failureOf } from '../__testUtils__/failure';
import { LoopbackServer, send } from '../__testUtils__/LoopbackServer';
import { linesOf } from './watchStream';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

const SPEC = { containers: [] };

function event(type: string, name: string, extra = {}): string {
  return `${JSON.stringify({
    type,
    object: { metadata: { name }, spec: SPEC, ...extra },
  })}\n`;
}

describe('linesOf', () => {
  const tooLong = () => new Error('too long');

  async function* chunks(...parts: Array<string | Uint8Array>) {
    yield* parts.map(part => Buffer.from(part));
  }

  it('should yield the same lines however the bytes are split', async () => {
    const bytes = Buffer.from('{"a":"ü€𝄞"}\n\n{"b":1}\r\n{"c":2}');
    for (let at = 0; at <= bytes.length; at++) {
      const parts = chunks(bytes.subarray(0, at), bytes.subarray(at));
      const lines = await collect(linesOf(parts, tooLong));
      expect(lines.map(line => JSON.parse(line))).toEqual([
        { a: 'ü€𝄞' },
        { b: 1 },
        { c: 2 },
      ]);
    }
    const single = Array.from(bytes, byte => Uint8Array.of(byte));
    expect(await collect(linesOf(chunks(...single), tooLong))).toHaveLength(3);
  });

  it('should yield nothing for an empty stream', async () => {
    expect(await collect(linesOf(chunks(), tooLong))).toEqual([]);
    expect(await collect(linesOf(chunks('', '\n \n'), tooLong))).toEqual([]);
  });
});

describe('DefaultKubernetesClient.watch', () => {
  let server: LoopbackServer;
  let client: DefaultKubernetesClient;
  let stream: ServerResponse | undefined;

  beforeEach(async () => {
    stream = undefined;
    server = await LoopbackServer.start();
    client = clientOf(server);
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  function serve(write: (response: ServerResponse) => void): void {
    server.handler = (_, response) => {
      stream = response;
      response.writeHead(200, { 'content-type': 'application/json' });
      write(response);
    };
  }

  const watch = (signal?: AbortSignal) =>
    client.watch(
      'Pod',
      'hoop',
      {
        fieldSelector: 'metadata.name=a',
        resourceVersion: '5',
        timeoutSeconds: 30,
      },
      { signal },
    );

  it('should yield events with their kind until the server closes', async () => {
    serve(response =>
      response.end(
        event('ADDED', 'a') +
          event('MODIFIED', 'a') +
          event('BOOKMARK', 'a') +
          event('DELETED', 'a'),
      ),
    );
    const events = await collect(watch());
    expect(events.map(({ type }) => type)).toEqual([
      'ADDED',
      'MODIFIED',
      'BOOKMARK',
      'DELETED',
    ]);
    expect(events[0].object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: SPEC,
    });
    expect(server.last).toMatchObject({
      path: '/api/v1/namespaces/hoop/pods',
      query: {
        watch: 'true',
        allowWatchBookmarks: 'true',
        fieldSelector: 'metadata.name=a',
        resourceVersion: '5',
        timeoutSeconds: '30',
      },
    });
  });

  it('should yield an event before the next one arrives', async () => {
    serve(response => response.write(event('ADDED', 'a')));
    const events = watch()[Symbol.asyncIterator]();
    expect((await events.next()).value.type).toBe('ADDED');
    stream?.write(event('MODIFIED', 'a', { more: 'b' }).slice(0, 20));
    await new Promise(resolve => setTimeout(resolve, 20));
    stream?.write(event('MODIFIED', 'a', { more: 'b' }).slice(20));
    expect((await events.next()).value.object).toMatchObject({ more: 'b' });
    stream?.end();
    expect((await events.next()).done).toBe(true);
  });

  it('should close the connection when the reader stops', async () => {
    serve(response => response.write(event('ADDED', 'a')));
    for await (const one of watch()) {
      expect(one.type).toBe('ADDED');
      break;
    }
    await new Promise<void>(resolve => {
      stream?.on('close', resolve);
    });
    expect(stream?.destroyed).toBe(true);
  });

  it('should end with the reason of an abort', async () => {
    serve(response => response.write(event('ADDED', 'a')));
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    await expect(collect(watch(controller.signal))).rejects.toBe(reason);
    await expect(collect(watch(controller.signal))).rejects.toBe(reason);
  });

  it.each([
    ['in the stream', 200],
    ['as the answer', 410],
  ])('should report an expired version as a conflict: %s', async (_, code) => {
    const expired = {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version: 5 (90)',
    };
    serve(response =>
      response.end(
        event('ADDED', 'a') +
          JSON.stringify({ type: 'ERROR', object: expired }),
      ),
    );
    if (code === 410) {
      server.answer(410, expired);
    }
    const error = await failureOf(collect(watch()));
    expect(error.name).toBe('ConflictError');
    expect(error.message).toMatch(
      /cannot watch pods "a" in namespace "hoop".*expired.*too old/,
    );
  });

  it('should report other errors in the stream', async () => {
    serve(response =>
      response.end(
        '{"type":"ERROR","object":{"kind":"Status","code":500,"message":"etcd"}}\n',
      ),
    );
    await expect(collect(watch())).rejects.toThrow(/answered 500: “etcd”/);
    serve(response => response.end('{"type":"ERROR","object":{}}\n'));
    await expect(collect(watch())).rejects.toThrow(
      /an error event without a Status/,
    );
  });

  it('should report a refusal', async () => {
    server.handler = (_, response) => {
      send(response, 403, {
        kind: 'Status',
        code: 403,
        reason: 'Forbidden',
        message: 'pods is forbidden',
      });
    };
    const error = await failureOf(collect(watch()));
    expect(KubernetesForbiddenError.is(error) && error.verb).toBe('watch');
  });

  it('should report a connection that breaks', async () => {
    serve(response => {
      response.write(event('ADDED', 'a'));
      setTimeout(() => server.breakOff(), 50);
    });
    const error = await failureOf(collect(watch()));
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(/the stream broke off/);
  });

  it('should treat a truncated last event as the end', async () => {
    serve(response => response.end(`${event('ADDED', 'a')}{"type":"MODI`));
    expect(await collect(watch())).toHaveLength(1);
  });

  it('should refuse a stream of something else', async () => {
    serve(response => response.end('<html>\n<body>\n</html>\n'));
    await expect(collect(watch())).rejects.toThrow(/not an event/);
  });

  it('should refuse a server that cannot be reached', async () => {
    await server.stop();
    await expect(collect(watch())).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    server = await LoopbackServer.start();
  });
});
