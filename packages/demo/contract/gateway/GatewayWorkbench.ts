import { ConfigReader } from '@backstage/config';
import {
  DefaultHoopAuthentikService,
  type HoopClient,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { GatewayTarget } from './target';

export interface RawAnswer {
  status: number;
  contentType: string;
  server: string;
  /** What the body says where it is JSON. */
  body: unknown;
  text: string;
}

/** The gateway through the client that the plugins use, and by hand where the answer itself is the point. */
export class GatewayWorkbench {
  readonly target: GatewayTarget;
  readonly client: HoopClient;
  readonly #service: DefaultHoopAuthentikService;

  constructor(target: GatewayTarget) {
    this.target = target;
    this.#service = DefaultHoopAuthentikService.create({
      config: new ConfigReader({
        hoopAuthentik: {
          // An authentik that exists nowhere: nothing is ever asked of it, nor of a cluster.
          authentik: [
            { baseUrl: 'https://authentik.contract.invalid', token: 'none' },
          ],
          gateways: [
            {
              name: 'contract',
              url: target.url,
              target: {
                type: 'kubernetes',
                cluster: { inCluster: true },
                namespace: 'contract',
              },
            },
          ],
        },
      }),
    });
    this.client = this.#service.getGateway('contract').systems.hoop;
  }

  async get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> {
    const answer = await fetch(`${this.target.url}${path}`, {
      redirect: 'manual',
      headers: { accept: 'application/json', ...headers },
    });
    const text = await answer.text();
    const contentType = answer.headers.get('content-type') ?? '';
    return {
      status: answer.status,
      contentType,
      server: answer.headers.get('server') ?? '',
      body: contentType.startsWith('application/json')
        ? JSON.parse(text)
        : undefined,
      text,
    };
  }

  /** Whether the gateway signs people in with OpenID. */
  async usesOidc(): Promise<boolean> {
    const { authMethod } = await this.client.getInfo();
    return authMethod === 'oidc' || authMethod === 'idp';
  }

  async close(): Promise<void> {
    await this.#service.close();
  }
}
