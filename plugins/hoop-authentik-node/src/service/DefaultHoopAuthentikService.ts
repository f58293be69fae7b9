import type {
  LoggerService,
  RootConfigService,
  RootLifecycleService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  type ClosableAuthentikClient,
  createAuthentikClient,
  DefaultOidcProbes,
  WRITE_TIMEOUT_MS,
} from '../systems/authentik';
import { redirectUriOf } from '../application';
import { readHoopAuthentikConfig } from '../config';
import type {
  AuthentikInstanceConfig,
  ClusterConfig,
  GatewayConfig,
  HoopAuthentikConfig,
} from '../config/types';
import { DefaultHoopClient } from '../systems/hoop';
import {
  DefaultKubernetesClient,
  type KubernetesClient,
  type KubernetesPluginAccess,
} from '../systems/kubernetes';
import { DefaultTestSignIn } from '../systems/signIn';
import {
  describeInput,
  logLine,
  once,
  suggestionFor,
  type CallOptions,
} from '../core';
import { createSettingsTarget, type SwitchRecords } from '../targets';
import type { IntegrationSystems } from '../integration';
import type { Gateway, HoopAuthentikService } from './HoopAuthentikService';
import {
  apiTokenOf,
  connectionToGateway,
  connectionToInstance,
} from './connections';
import { answerInBulk, BulkLists } from './bulkLookups';
import { guardWrites } from './runs/guardWrites';
import { mayRestartGateway } from './clusterWrites';
import { findInMemory, ReadMemory, shareReads } from './sharedReads';

/** Longer than a task pauses between two steps. */
const TASK_FORGOTTEN_MS = 60_000;

type AuthentikClients = {
  client: ClosableAuthentikClient;
  probes: DefaultOidcProbes;
};

/** The clients of the systems, with what makes a target. */
type SystemClients = Pick<
  IntegrationSystems,
  'authentik' | 'probes' | 'hoop' | 'forget'
> & {
  cluster(config: ClusterConfig): () => Promise<KubernetesClient>;
  switches?: SwitchRecords;
};

/**
 * Creates the clients of a gateway on first use and keeps them, one for each system.
 *
 * @alpha
 */
export class DefaultHoopAuthentikService implements HoopAuthentikService {
  readonly #config: HoopAuthentikConfig;
  readonly #unusable: ReadonlyMap<string, unknown>;
  readonly #rootConfig: RootConfigService;
  readonly #logger: LoggerService | undefined;
  #kubernetesPlugin: KubernetesPluginAccess | undefined;
  readonly #gateways = new Map<string, Gateway>();
  readonly #authentik = new Map<string, AuthentikClients>();
  readonly #clusters = new Map<
    string,
    () => Promise<DefaultKubernetesClient>
  >();
  readonly #tasks = new Map<
    string,
    {
      gatewayName: string;
      usedAt: number;
      authentik: ReadMemory;
      gateway: ReadMemory;
    }
  >();
  /** By name of the authentik instance. */
  readonly #shared = new Map<
    string,
    { lookups: ReadMemory; lists: BulkLists }
  >();
  readonly #closers: Array<() => Promise<void>> = [];

  /**
   * @param options - with `tolerant`, a gateway whose entry in app-config is wrong is refused when it is asked for, and the
   * others can be used
   */
  static create(options: {
    config: RootConfigService;
    lifecycle?: RootLifecycleService;
    logger?: LoggerService;
    tolerant?: boolean;
  }): DefaultHoopAuthentikService {
    const unusable = new Map<string, unknown>();
    const service = new DefaultHoopAuthentikService(
      readHoopAuthentikConfig(
        options.config,
        options.tolerant
          ? (name, error) => unusable.set(name, error)
          : undefined,
      ),
      options.config,
      options.logger,
      unusable,
    );
    options.lifecycle?.addShutdownHook(() => service.close());
    return service;
  }

  private constructor(
    config: HoopAuthentikConfig,
    rootConfig: RootConfigService,
    logger: LoggerService | undefined,
    unusable: ReadonlyMap<string, unknown>,
  ) {
    this.#unusable = unusable;
    this.#config = config;
    this.#rootConfig = rootConfig;
    this.#logger = logger;
  }

  /** How clusters are reached whose credentials only the Kubernetes plugin has; the first call counts. */
  useKubernetesPlugin(access: KubernetesPluginAccess): void {
    this.#kubernetesPlugin ??= access;
  }

  gatewayNames(): string[] {
    return [
      ...this.#config.gateways.map(({ name }) => name),
      ...this.#unusable.keys(),
    ];
  }

  getGateway(name: string): Gateway {
    const config = this.#config.gateways.find(one => one.name === name);
    if (!config && this.#unusable.has(name)) {
      throw this.#unusable.get(name);
    }
    if (!config) {
      const meant = suggestionFor(name, this.gatewayNames());
      const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
      throw new NotFoundError(
        `Unknown gateway ${describeInput(
          name,
        )}.${hint} Expected one of those declared under hoopAuthentik.gateways in app-config: ${
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
    // readHoopAuthentikConfig has checked that the instance is declared.
    const authentik = this.#config.authentik.find(
      ({ name }) => name === config.authentik,
    )!;
    const { client, probes } = this.#authentikClients(authentik);
    const hoop = DefaultHoopClient.create({
      ...connectionToGateway(config),
      name: config.name,
      url: config.url,
      apiKey: config.apiKey,
    });
    this.#closers.push(() => hoop.close());
    const signIn = this.#testSignIn(config, authentik);
    const systemsWith = (clients: SystemClients): IntegrationSystems => ({
      signIn,
      probes: clients.probes,
      authentik: clients.authentik,
      hoop: clients.hoop,
      target: createSettingsTarget(config.target, clients),
      forget: clients.forget,
    });
    const clients: SystemClients = {
      authentik: client,
      probes,
      hoop,
      cluster: cluster => this.#cluster(cluster),
    };
    const sharing = (task: string, given: SystemClients) =>
      this.#sharing({ gateway: config.name, task }, authentik.name, given);
    return {
      config,
      authentik,
      systems: systemsWith(clients),
      systemsOfTask: task => systemsWith(sharing(task, clients)),
      systemsOf: (run, task) => {
        const confirm = (options?: CallOptions) => run.confirm(options);
        const guarded: SystemClients = {
          authentik: guardWrites(client, confirm),
          probes,
          hoop: guardWrites(hoop, confirm),
          cluster: cluster => async () =>
            guardWrites(await this.#cluster(cluster)(), confirm),
        };
        return systemsWith({
          ...(task === undefined ? guarded : sharing(task, guarded)),
          switches: run,
        });
      },
      applicationContext: () => ({
        gateway: config.name,
        claimedApplication: config.claimedApplication,
        authentikBaseUrl: authentik.baseUrl,
        redirectUri: redirectUriOf(config.url),
        extraScopes: config.extraScopes,
        checkBlueprints: authentik.checkBlueprints,
        preferredSigningKey: authentik.signingKey,
        signingKeyDays: authentik.signingKeyDays,
        transaction: authentik.creation === 'transaction',
        now: new Date(),
      }),
    };
  }

  /** Clients that share what the task has read. A write to the cluster may change what the gateway answers. */
  #sharing(
    { gateway, task }: { gateway: string; task: string },
    instance: string,
    { authentik, probes, hoop, cluster, ...others }: SystemClients,
  ): SystemClients {
    const now = Date.now();
    for (const [old, { usedAt }] of this.#tasks) {
      if (now - usedAt > TASK_FORGOTTEN_MS) {
        this.#tasks.delete(old);
      }
    }
    const key = `${gateway}\n${task}`;
    const memories = this.#tasks.get(key) ?? {
      gatewayName: gateway,
      usedAt: now,
      authentik: new ReadMemory(),
      gateway: new ReadMemory(),
    };
    memories.usedAt = now;
    this.#tasks.set(key, memories);
    const shared = this.#shared.get(instance) ?? {
      lookups: new ReadMemory(),
      lists: new BulkLists(),
    };
    this.#shared.set(instance, shared);
    const { lookups, lists } = shared;
    // Another task of the gateway plans its own writes from what it has read.
    const ofThisGateway = () =>
      [...this.#tasks.values()].filter(
        ({ gatewayName }) => gatewayName === gateway,
      );
    const forgetGateway = () =>
      ofThisGateway().forEach(one => one.gateway.forget());
    const forget = () => {
      ofThisGateway().forEach(one => one.authentik.forget());
      forgetGateway();
    };
    const ofAuthentik = {
      lookups,
      onWrite: (method: string) => {
        forget();
        lists.forget();
        if (/KeyPair$/.test(method)) {
          lookups.forget('listKeyPairs');
        }
      },
    };
    const ofGateway = { onWrite: forgetGateway };
    return {
      ...others,
      authentik: findInMemory(
        shareReads(
          answerInBulk(authentik, lists),
          memories.authentik,
          ofAuthentik,
        ),
        memories.authentik,
        lookups,
      ),
      probes: shareReads(probes, memories.authentik, ofAuthentik),
      hoop: shareReads(hoop, memories.gateway, ofGateway),
      cluster: config => async () => {
        const client = await cluster(config)();
        return guardWrites(client, async (_, write) => {
          if (mayRestartGateway(write)) {
            forgetGateway();
          }
        });
      },
      forget: () => {
        forget();
        lookups.forget();
        lists.forget();
      },
    };
  }

  #testSignIn(
    gateway: GatewayConfig,
    authentik: AuthentikInstanceConfig,
  ): DefaultTestSignIn | undefined {
    const { name, url, testAccount } = gateway;
    if (!testAccount) {
      return undefined;
    }
    const signIn = DefaultTestSignIn.create({
      authentik: {
        ...connectionToInstance(authentik),
        name: authentik.name,
        url: authentik.baseUrl,
      },
      gateway: { ...connectionToGateway(gateway), name, url },
      account: testAccount,
    });
    this.#closers.push(() => signIn.close());
    return signIn;
  }

  #authentikClients(instance: AuthentikInstanceConfig): AuthentikClients {
    const known = this.#authentik.get(instance.name);
    if (known) {
      return known;
    }
    const connection = connectionToInstance(instance);
    const options = {
      ...connection,
      name: instance.name,
      baseUrl: instance.baseUrl,
    };
    const { token, close } = apiTokenOf(instance, connection);
    this.#closers.push(close);
    const clients = {
      client: createAuthentikClient({
        ...options,
        token,
        writeTimeoutMs: instance.writeTimeoutMs ?? WRITE_TIMEOUT_MS,
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

  /** The client of a cluster, shared by its gateways; created on first use, and again after a failure. */
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
        kubernetesPlugin: this.#kubernetesPlugin,
      });
      created.warnings.forEach(warning =>
        this.#logger?.warn(logLine(`Access to a cluster: ${warning}`)),
      );
      this.#closers.push(() => created.close());
      return created;
    });
    this.#clusters.set(key, client);
    return client;
  }
}
