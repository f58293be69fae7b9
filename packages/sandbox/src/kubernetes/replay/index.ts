import { dirname, join } from 'node:path';
import type { Replayed } from '../../replay/differences';
import { loadFolder } from '../../replay/exchange';
import { ClusterReplay } from './clusterReplay';
import { replayRollouts } from './rolloutReplay';
import type { RolloutExchange } from './rolloutStory';

const FOLDER = join(
  dirname(require.resolve('../__fixtures__/recordings/read.json')),
);

/** Every recorded exchange with a real API server, sent to the stand-in. @internal */
export async function replayKubernetes(only?: string): Promise<Replayed[]> {
  const results: Replayed[] = [];
  for (const recording of loadFolder<RolloutExchange>(FOLDER)) {
    if (!only || recording.scenario === only) {
      results.push(
        ...(recording.scenario.startsWith('rollout')
          ? await replayRollouts(recording)
          : await ClusterReplay.run(recording)),
      );
    }
  }
  return results;
}
