import type { JsonObject } from '../../json';
import type { StoreChange } from '../store';
import type { ClusterReplay } from './clusterReplay';
import type { RolloutExchange } from './rolloutStory';

/** Long enough for every rollout that still moves, at the pace of the replay. */
const patienceMs = 6_000;

/** One rollout, from the change to the end of its watches. @internal */
export class RolloutCase {
  readonly changes: StoreChange[] = [];

  constructor(
    readonly replay: ClusterReplay,
    readonly title: string,
    readonly exchanges: RolloutExchange[],
  ) {}

  get change(): RolloutExchange {
    return this.exchanges[0];
  }

  get path(): string {
    return this.change.request.path.replace(/\?.*$/, '');
  }

  get name(): string {
    return this.path.replace(/^.*\//, '');
  }

  patch(body: JsonObject): Promise<JsonObject> {
    return this.replay.call(
      'PATCH',
      this.path,
      body,
      'application/strategic-merge-patch+json',
    );
  }

  progressing(): string {
    const { changes } = this;
    const deployments = changes.filter(
      ({ resource }) => resource.kind === 'Deployment',
    );
    const last = deployments[deployments.length - 1]?.object.status;
    const found = /"type":"Progressing"[^}]*"reason":"(\w+)"/.exec(
      JSON.stringify(last ?? {}),
    );
    return found?.[1] ?? '';
  }

  async until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!condition() && Date.now() < deadline) {
      await new Promise(resolve => {
        setTimeout(resolve, 5);
      });
    }
  }

  events(kind: string): { type: string; object: JsonObject }[] {
    return this.of(kind).map(({ type, object }) => ({
      type,
      object: JSON.parse(JSON.stringify(object)) as JsonObject,
    }));
  }

  private of(kind: string): StoreChange[] {
    return this.changes.filter(
      ({ resource, object }) =>
        resource.plural === kind &&
        (object.metadata.name === this.name ||
          object.metadata.labels?.app === this.name),
    );
  }
}
