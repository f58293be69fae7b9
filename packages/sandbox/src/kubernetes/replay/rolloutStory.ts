import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import { shapeProblems, valueProblems } from '../../replay/compare';
import type { Exchange } from '../../replay/exchange';
import { KUBERNETES_RULES } from './compareAnswers';

/** What one event of a watch says about a rollout. @internal */
export interface StoryEvent {
  type: string;
  name: string;
  going?: true;
  phase?: string;
  /** State, its reason, restarts and readiness of each container. */
  containers?: [string, string, number, boolean][];
  generation?: number;
  status?: JsonObject;
  /** Type, status and reason. */
  conditions?: [string, string, string][];
}

/** An exchange, or a watch that is kept as the story it tells and the last object it showed. @internal */
export interface RolloutExchange extends Exchange {
  story?: StoryEvent[];
  last?: JsonObject;
}

/** Without what stands next to it already: how long a state lasts is chance. */
function distinct(states: string[]): string[] {
  return states.filter((state, index) => state !== states[index - 1]);
}

function conditionStates(story: StoryEvent[], type: string): string[] {
  return distinct(
    story.map(
      ({ conditions = [] }) =>
        conditions
          .find(condition => condition[0] === type)
          ?.slice(1)
          .join(':') ?? 'absent',
    ),
  );
}

function podStates(story: StoryEvent[]): string[] {
  const names = [...new Set(story.map(({ name }) => name))];
  // Which of two pods shows first is chance.
  const states = names.map(name => {
    const events = story.filter(event => event.name === name);
    const seen = events.flatMap(({ containers = [] }) =>
      containers.map(([state, reason]) => `${state}:${reason}`),
    );
    const end = events.some(({ type }) => type === 'DELETED') ? ' deleted' : '';
    return `${[...new Set(seen)].sort().join(' ')}${end}`;
  });
  return states.sort();
}

function same(what: string, recorded: string[], actual: string[]): string[] {
  return recorded.join() === actual.join()
    ? []
    : [`${what} ${recorded.join(', ')} became ${actual.join(', ')}`];
}

/** Of the object itself, as the README of the recordings says: the kubelet there was a script. */
const ofTheKubelet = ['message', 'image', 'phase'];

function withoutProbes(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) {
    return value.map(item => withoutProbes(item) as Json);
  }
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !['readinessProbe', 'managedFields'].includes(key))
          .map(([key, member]) => [key, withoutProbes(member)]),
      )
    : value;
}

function objectProblems(exchange: RolloutExchange, object: JsonObject) {
  const actual = withoutProbes(object) as JsonObject;
  return [
    ...shapeProblems(exchange.last, actual),
    ...valueProblems(exchange.last?.status, actual.status, {
      ...KUBERNETES_RULES,
      ordered: false,
      own: new Set([...KUBERNETES_RULES.own, ...ofTheKubelet]),
    }),
  ];
}

/** In what the course of a rollout differs from the recorded one. @internal */
export function storyProblems(
  exchange: RolloutExchange,
  events: { type: string; object: JsonObject }[],
): string[] {
  const recorded = exchange.story ?? [];
  if (recorded.length === 0 || events.length === 0) {
    return recorded.length === events.length
      ? []
      : [`${recorded.length} events became ${events.length}`];
  }
  const story = events.map(({ type, object }) => storyEvent(type, object));
  const [newest] = events.slice(-1);
  if (!exchange.request.path.includes('/deployments?')) {
    // Of several objects it is chance which one shows last.
    const isShown = events.some(
      ({ object }) => objectProblems(exchange, object).length === 0,
    );
    return [
      ...(isShown ? [] : objectProblems(exchange, newest.object)),
      ...(exchange.request.path.includes('/pods?')
        ? same('pods', podStates(recorded), podStates(story))
        : []),
    ];
  }
  return [
    ...objectProblems(exchange, newest.object),
    ...['Progressing', 'ReplicaFailure'].flatMap(type =>
      same(type, conditionStates(recorded, type), conditionStates(story, type)),
    ),
  ];
}

function conditionsOf(status: JsonObject): [string, string, string][] {
  const { conditions } = status;
  return (Array.isArray(conditions) ? conditions : [])
    .filter(isJsonObject)
    .map(({ type, status: value, reason }) => [
      String(type),
      String(value),
      String(reason ?? ''),
    ]);
}

function containersOf(status: JsonObject): [string, string, number, boolean][] {
  const { containerStatuses } = status;
  return (Array.isArray(containerStatuses) ? containerStatuses : [])
    .filter(isJsonObject)
    .map(({ state, restartCount, ready }) => {
      const [[name, details]] = Object.entries(
        isJsonObject(state) ? state : {},
      );
      return [
        name,
        String((isJsonObject(details) && details.reason) || ''),
        Number(restartCount),
        ready === true,
      ];
    });
}

/** @internal */
export function storyEvent(type: string, object: JsonObject): StoryEvent {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const status = isJsonObject(object.status) ? object.status : {};
  return {
    type,
    name: String(metadata.name),
    ...(metadata.deletionTimestamp ? { going: true } : {}),
    ...(object.kind === 'Pod'
      ? { phase: String(status.phase), containers: containersOf(status) }
      : {
          generation: Number(metadata.generation),
          status,
          conditions: conditionsOf(status),
        }),
  };
}
