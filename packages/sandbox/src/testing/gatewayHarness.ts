import { GatewayDatabase } from '../gateway/database';
import { Ingress, startIngress } from '../gateway/ingress';
import { GatewayRuntime } from '../gateway/runtime';
import { ContainerExit, RunningContainer } from '../kubernetes/runtime';

/** @internal */
export interface GatewayAnswer<T> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

/** One gateway in this process, without a cluster around it. @internal */
export class GatewayHarness {
  database = new GatewayDatabase();
  private container: RunningContainer | undefined;

  private constructor(
    private readonly runtime: GatewayRuntime,
    private readonly ingress: Ingress,
  ) {}

  static async start(): Promise<GatewayHarness> {
    const box: { harness?: GatewayHarness } = {};
    const runtime = new GatewayRuntime({
      database: () => box.harness?.database ?? new GatewayDatabase(),
      bootMs: 0,
    });
    box.harness = new GatewayHarness(
      runtime,
      await startIngress(runtime, { port: 0 }),
    );
    return box.harness;
  }

  get url(): string {
    return this.ingress.url;
  }

  /** Boots with this environment and resolves once it serves or ended. */
  async boot(
    env: Record<string, string>,
    image = 'hoophq/hoop:1.148.0',
  ): Promise<{ exit: ContainerExit | undefined; logs: string[] }> {
    this.container?.stop();
    const container = this.runtime.start({
      namespace: 'demo',
      pod: 'gateway-1',
      name: 'hoopgateway',
      image,
      env: { API_URL: this.url, ...env },
    });
    this.container = container;
    const exit = await Promise.race([
      container.ready.then(() => undefined),
      container.exited,
    ]);
    return { exit, logs: container.logs() };
  }

  messages(): string[] {
    return (this.container?.logs() ?? []).map(
      line => (JSON.parse(line) as { message: string }).message,
    );
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<GatewayAnswer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...options.headers },
      ...(options.body === undefined
        ? {}
        : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    };
  }

  stop(): void {
    this.container?.stop();
    this.container = undefined;
  }

  async close(): Promise<void> {
    this.stop();
    await this.ingress.close();
  }
}

/** @internal */
export function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}
