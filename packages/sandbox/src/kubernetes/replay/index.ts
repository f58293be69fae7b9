import { dirname, join } from 'node:path';
import type { Replayed } from '../../replay/differences';
import { loadFolder } from '../../replay/exchange';
import { ClusterReplay } from './clusterReplay';
import { replayRollouts } from './rolloutReplay';
import type { RolloutExchange } from './rolloutStory';
import { SCENARIOS } from './scenarios';

const FOLDER = join(
  dirname(require.resolve('../__fixtures__/recordings/read.json')),
);

/** Every recorded exchange with a real API server, sent to the stand-in. @internal */
export async function replayKubernetes(only?: string): Promise<Replayed[]> {
  // Most of the time goes by in watches and rollouts, so the recordings, each with a cluster of its own, run side by side.
  const results = await Promise.all(
    loadFolder<RolloutExchange>(FOLDER)
      .filter(({ scenario }) => !only || scenario === only)
      .map(recording =>
        recording.scenario.startsWith('rollout')
          ? replayRollouts(recording)
          : ClusterReplay.run(recording, SCENARIOS[recording.scenario]),
      ),
  );
  return results.flat();
}
