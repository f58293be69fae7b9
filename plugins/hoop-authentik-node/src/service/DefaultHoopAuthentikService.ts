import { readFileSync } from 'node:fs';
import type {
  RootConfigService,
  RootLifecycleService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { DefaultAuthentikClient, DefaultOidcProbes } from '../authentik';
import { redirectUriOf } from '../application';
import { readHoopAuthentikConfig } from '../config';
import type {
  AuthentikInstanceConfig,
  ClusterConfig,
  GatewayConfig,
  HoopAuthentikConfig,
} from '../config/types';
import { DefaultHoopClient } from '../hoop';
import { DefaultKubernetesClient } from '../kubernetes';
import { once } from '../support';
import { KubernetesTarget } from '../targets';
import type { Gateway, HoopAuthentikService } from './HoopAuthentikService';

type AuthentikClients = {
  client: DefaultAuthentikClient;
  probes: DefaultOidcProbes;
};

/**
 * Makes the clients of a gateway when it is first asked for and keeps them, one for each system.
 *
 * @public
 */
export class DefaultHoopAuthentikService implements HoopAuthentikService {
  readonly #config: HoopAuthentikConfig;
  readonly #rootConfig: RootConfigService;
  readonly #gateways = new Map<string, Gateway>();
  readonly #authentik = new Map<string, AuthentikClients>();
  readonly #clusters = new Map<
    string,
    () => Promise<DefaultKubernetesClient>
  >();
  readonly #closers: Array<() => Promise<void>> = [];

  static create(options: {
    config: RootConfigService;
    lifecycle?: RootLifecycleService;
  }): DefaultHoopAuthentikService {
    const service = new DefaultHoopAuthentikService(
      readHoopAuthentikConfig(options.config),
      options.config,
    );
    options.lifecycle?.addShutdownHook(() => service.close());
    return service;
  }

  private constructor(
    config: HoopAuthentikConfig,
    rootConfig: RootConfigService,
  ) {
    this.#config = config;
    this.#rootConfig = rootConfig;
  }

  gatewayNames(): string[] {
    return this.#config.gateways.map(({ name }) => name);
  }

  getGateway(name: string): Gateway {
    const config = this.#config.gateways.find(one => one.name === name);
    if (!config) {
      throw new NotFoundError(
        `Unknown gateway "${name}". Expected one of those declared under hoopAuthentik.gateways in app-config: ${
          this.gatewayNames().join(', ') || 'there are none yet'
        }.`,
      );
    }
    const known = this.#gateways.get(name);
    if (known) {
      return known;
    }
    const gateway = this.#create(config);
    this.#gateways.set(name, gateway);
    return gateway;
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all(this.#closers.map(close => close()));
  }

  #create(config: GatewayConfig): Gateway {
    // The reader of the configuration has made sure that the instance is declared.
    const authentik = this.#config.authentik.find(
      ({ name }) => name === config.authentik,
    )!;
    const { client, probes } = this.#authentikClients(authentik);
    const hoop = DefaultHoopClient.create({
      name: config.name,
      url: config.url,
      ca: readCa(config.caFile),
    });
    this.#closers.push(() => hoop.close());
    return {
      config,
      authentik,
      systems: {
        authentik: client,
        probes,
        hoop,
        target: new KubernetesTarget(
          config.target,
          this.#cluster(config.target.cluster),
          async signal => Boolean(await hoop.getInfo({ signal })),
        ),
      },
      applicationContext: () => ({
        authentikBaseUrl: authentik.baseUrl,
        redirectUri: redirectUriOf(config.url),
        preferredSigningKey: authentik.signingKey,
        now: new Date(),
      }),
    };
  }

  #authentikClients(instance: AuthentikInstanceConfig): AuthentikClients {
    const known = this.#authentik.get(instance.name);
    if (known) {
      return known;
    }
    const options = {
      name: instance.name,
      baseUrl: instance.baseUrl,
      ca: readCa(instance.caFile),
    };
    const clients = {
      client: DefaultAuthentikClient.create({
        ...options,
        token: instance.token,
      }),
      probes: DefaultOidcProbes.create(options),
    };
    this.#closers.push(
      () => clients.client.close(),
      () => clients.probes.close(),
    );
    this.#authentik.set(instance.name, clients);
    return clients;
  }

  /** Gateways in one cluster share its client; it is made at first use, and again when that failed. */
  #cluster(config: ClusterConfig): () => Promise<DefaultKubernetesClient> {
    const key = JSON.stringify(config);
    const known = this.#clusters.get(key);
    if (known) {
      return known;
    }
    const client = once(async () => {
      const created = await DefaultKubernetesClient.create({
        cluster: config,
        rootConfig: this.#rootConfig,
      });
      this.#closers.push(() => created.close());
      return created;
    });
    this.#clusters.set(key, client);
    return client;
  }
}

function readCa(file: string | undefined): string | undefined {
  if (file === undefined) {
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(
      `The certificate authority file "${file}" named in app-config (caFile) cannot be read; expected a PEM file`,
      error,
    );
  }
}
