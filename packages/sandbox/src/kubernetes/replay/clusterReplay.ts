import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Replayed } from '../../replay/differences';
import type { Exchange, Recording } from '../../replay/exchange';
import { Reply, send } from '../../replay/send';
import { FakeRuntime } from '../../testing/kubernetesHarness';
import { Kubernetes, startKubernetes } from '..';
import { compareAnswers } from './compareAnswers';
import { identities } from './identities';

/** @internal */
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/hoop/deployments';

/** @internal */
export type Step = (replay: ClusterReplay) => unknown;

/** What was done without being recorded, and how its answers are compared. @internal */
export interface Scenario {
  start?: Step;
  before?: Record<string, Step>;
  /** Bodies that the recordings describe in words. */
  bodies?: Record<string, JsonObject>;
  /** Messages count as well. */
  messages?: boolean;
  /** Members whose values are a matter of the moment. */
  ignored?: string[];
}

const conditionOf = (deployment: JsonObject, reason: string): boolean =>
  JSON.stringify(deployment.status ?? {}).includes(`"reason":"${reason}"`);

/** The members by which a later request can name something of an earlier answer. */
const LEARNED = new Set(['uid', 'resourceVersion', 'continue', 'name']);

/** Holds a cluster against one recording. @internal */
export class ClusterReplay {
  /** Recorded identifiers, and what they are here. */
  readonly names = new Map<string, string>();
  /** New containers wait, as long as a rollout has to be caught on its way. */
  holdsContainers = false;

  private constructor(
    readonly kubernetes: Kubernetes,
    readonly runtime: FakeRuntime,
    readonly recording: Recording,
    private readonly scenario: Scenario | undefined,
  ) {}

  static async run(
    recording: Recording,
    scenario: Scenario | undefined,
  ): Promise<Replayed[]> {
    const results: Replayed[] = [];
    const use = async (replay: ClusterReplay) => {
      await scenario?.start?.(replay);
      for (const exchange of recording.exchanges) {
        await scenario?.before?.[exchange.title]?.(replay);
        results.push(
          await replay.answer(exchange, {
            messages: scenario?.messages,
            ignored: scenario?.ignored,
          }),
        );
      }
    };
    await ClusterReplay.with(recording, use, scenario);
    return results;
  }

  /** A cluster of its own for what is done with it. */
  static async with(
    recording: Recording,
    use: (replay: ClusterReplay) => Promise<void>,
    scenario?: Scenario,
  ): Promise<void> {
    const runtime = new FakeRuntime();
    const box: { replay?: ClusterReplay } = {};
    const kubernetes = await startKubernetes({
      runtime,
      holdsContainers: () => box.replay?.holdsContainers ?? false,
      rolloutDelayMs: recording.scenario.startsWith('rollout') ? 400 : 40,
      backOffMs: 5_000,
      namespaceLagMs: 5_000,
      bookmarkIntervalMs: 4_000,
    });
    const replay = new ClusterReplay(kubernetes, runtime, recording, scenario);
    box.replay = replay;
    replay.ready();
    identities(recording.exchanges).forEach(identity =>
      kubernetes.addIdentity(identity),
    );
    replay.makeNamespace('hoop');
    try {
      await use(replay);
    } finally {
      await kubernetes.close();
    }
  }

  /** Sends what was recorded, and compares what comes back. */
  async answer(
    exchange: Exchange,
    options: { messages?: boolean; ignored?: string[] },
  ): Promise<Replayed> {
    const reply = await this.#send(exchange);
    this.#learn(exchange, reply);
    return {
      scenario: this.recording.scenario,
      title: exchange.title,
      problems: compareAnswers(exchange, reply, options),
    };
  }

  /** Containers start and are ready. */
  ready(): void {
    this.runtime.onStart = container => container.ready();
  }

  /** Creates a Deployment and waits until it is rolled out. */
  async deploy(deployment: JsonObject, query = ''): Promise<void> {
    const { metadata, spec } = deployment;
    const name = isJsonObject(metadata) ? String(metadata.name) : '';
    await this.call('POST', `${DEPLOYMENTS}?${query}`, deployment);
    const replicas = isJsonObject(spec) ? Number(spec.replicas) : 0;
    await this.until(
      `${DEPLOYMENTS}/${name}`,
      live =>
        conditionOf(live, 'NewReplicaSetAvailable') &&
        isJsonObject(live.status) &&
        (live.status.availableReplicas ?? 0) === replicas,
    );
  }

  /** The controllers have had the time to come to rest. */
  async settle(): Promise<void> {
    await new Promise(resolve => {
      setTimeout(resolve, 60);
    });
  }

  /** As before a case: no Deployment, no pods, no faults. */
  async clear(path: string): Promise<void> {
    this.kubernetes.faults.clear();
    this.holdsContainers = false;
    this.ready();
    await send({
      url: this.kubernetes.url,
      ca: this.kubernetes.ca,
      method: 'DELETE',
      path,
      headers: { Authorization: `Bearer ${this.kubernetes.token}` },
    });
    await this.until(
      '/api/v1/namespaces/hoop/pods',
      ({ items }) => Array.isArray(items) && items.length === 0,
    );
  }

  makeNamespace(name: string): void {
    this.kubernetes.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }

  /** A request of an administrator that was not recorded. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<JsonObject> {
    const { token, url, ca } = this.kubernetes;
    const reply = await send({
      url,
      ca,
      method,
      path,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': contentType,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (reply.status >= 400) {
      throw new Error(`${method} ${path}: ${reply.status} ${reply.body}`);
    }
    return JSON.parse(reply.body) as JsonObject;
  }

  async until(
    path: string,
    condition: (body: JsonObject) => boolean,
  ): Promise<JsonObject> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const body = await this.call('GET', path);
      if (condition(body)) return body;
      if (Date.now() > deadline) {
        throw new Error(`${path} stays ${JSON.stringify(body)}`);
      }
      await new Promise(resolve => {
        setTimeout(resolve, 20);
      });
    }
  }

  #send(exchange: Exchange): Promise<Reply> {
    const { request } = exchange;
    const { url, ca, token } = this.kubernetes;
    const headers = { ...request.headers };
    if (headers.Authorization === 'Bearer <admin>') {
      headers.Authorization = `Bearer ${token}`;
    }
    const isEndless =
      request.path.includes('watch=true') &&
      exchange.note?.includes('the server ended the answer') !== true;
    return send({
      url,
      ca,
      method: request.method,
      path: this.#path(request.path),
      headers,
      body: this.#body(exchange),
      signal: isEndless ? AbortSignal.timeout(1_000) : undefined,
    });
  }

  #path(path: string): string {
    return path
      .replace(
        /(resourceVersion|continue)=([^&]+)/g,
        (_all, key, value) => `${key}=${this.names.get(value) ?? value}`,
      )
      .replace(/[^/?]+(?=\/log\?)/, name => this.names.get(name) ?? name)
      .replace(/timeoutSeconds=(\d+)/, (_all, seconds) =>
        // A minute between two bookmarks is four seconds here.
        seconds === '75' ? 'timeoutSeconds=10' : 'timeoutSeconds=1',
      );
  }

  #body({ request, title }: Exchange): string | undefined {
    const other = this.scenario?.bodies?.[title];
    if (other) return JSON.stringify(other);
    if (request.body === undefined) return undefined;
    return typeof request.body === 'string'
      ? request.body
      : JSON.stringify(this.#translated(request.body));
  }

  #translated(value: Json | undefined): Json | undefined {
    if (typeof value === 'string') return this.names.get(value) ?? value;
    if (Array.isArray(value)) {
      return value.map(item => this.#translated(item) as Json);
    }
    return isJsonObject(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, member]) => [
            key,
            this.#translated(member),
          ]),
        )
      : value;
  }

  #learn(exchange: Exchange, reply: Reply): void {
    if (reply.status >= 400 || Array.isArray(exchange.response.body)) return;
    if (!reply.headers['content-type']?.includes('json')) return;
    const walk = (recorded: Json | undefined, actual: Json | undefined) => {
      if (Array.isArray(recorded) && Array.isArray(actual)) {
        recorded.forEach((one, index) => walk(one, actual[index]));
      } else if (isJsonObject(recorded) && isJsonObject(actual)) {
        for (const [key, value] of Object.entries(recorded)) {
          const mine = actual[key];
          if (
            LEARNED.has(key) &&
            typeof value === 'string' &&
            typeof mine === 'string' &&
            value !== mine
          ) {
            this.names.set(value, mine);
          }
          walk(value, mine);
        }
      }
    };
    walk(exchange.response.body, JSON.parse(reply.body) as Json);
  }
}
