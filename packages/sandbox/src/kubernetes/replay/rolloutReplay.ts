import type { JsonObject } from '../../json';
import { isJsonObject } from '../../json';
import type { Replayed } from '../../replay/differences';
import type { Recording } from '../../replay/exchange';
import { ClusterReplay, DEPLOYMENTS } from './clusterReplay';
import { RolloutCase } from './rolloutCase';
import { ROLLOUTS } from './rolloutCases';
import { gateway } from './scenarios';
import { RolloutExchange, storyProblems } from './rolloutStory';

function kindOf(exchange: RolloutExchange): string {
  return /\/(\w+)\?/.exec(exchange.request.path)?.[1] ?? '';
}

/** As the Deployment was before the change. */
function before(exchange: RolloutExchange): JsonObject {
  const { body } = exchange.response;
  const spec = isJsonObject(body) && isJsonObject(body.spec) ? body.spec : {};
  const { replicas, strategy, progressDeadlineSeconds } = spec;
  return { replicas, strategy, progressDeadlineSeconds };
}

/** Holds the controllers against the recorded rollouts. @internal */
export async function replayRollouts(
  recording: Recording<RolloutExchange>,
): Promise<Replayed[]> {
  const titles = new Set(
    recording.exchanges.map(({ title }) => title.replace(/: .*$/, '')),
  );
  const results: Replayed[] = [];
  await ClusterReplay.with(recording, async replay => {
    for (const title of titles) {
      const exchanges = recording.exchanges.filter(one =>
        one.title.startsWith(`${title}: `),
      );
      const one = new RolloutCase(replay, title, exchanges);
      const { prepare, start, during } = ROLLOUTS[title] ?? {};
      await replay.deploy(
        gateway(one.name, before(one.change), prepare?.container),
      );
      await start?.(one);
      await replay.settle();
      const stop = replay.kubernetes.subscribe(change =>
        one.changes.push(structuredClone(change)),
      );
      const answer = await replay.answer(one.change, { ignored: ['status'] });
      results.push(answer);
      await during?.(one);
      const watches = exchanges.filter(({ story }) => story !== undefined);
      await one.until(() =>
        watches.every(
          watch => storyProblems(watch, one.events(kindOf(watch))).length === 0,
        ),
      );
      stop();
      for (const exchange of exchanges.slice(1)) {
        if (exchange.story) {
          results.push({
            scenario: recording.scenario,
            title: exchange.title,
            problems: storyProblems(exchange, one.events(kindOf(exchange))),
          });
        } else {
          await ROLLOUTS[title]?.before?.[
            exchange.title.slice(title.length + 2)
          ]?.(one);
          results.push(
            await replay.answer(exchange, {
              ignored: ['message', 'terminatingReplicas'],
            }),
          );
        }
      }
      await replay.clear(`${DEPLOYMENTS}/${one.name}`);
    }
  });
  return results;
}
