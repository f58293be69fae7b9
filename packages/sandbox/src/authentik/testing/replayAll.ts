import type { Replayed } from '../../replay/differences';
import type { AuthentikVersion } from '../types';
import { startChild } from './childSandbox';
import { loadRecordings, loadSeeds } from './recordings';
import { Replay } from './replay';
import { SCENARIOS } from './scenarios';

/** Every recorded exchange with one version of authentik, except those of endpoints that are not simulated. @internal */
export async function replayAuthentik(
  version: AuthentikVersion,
  only?: string,
): Promise<Replayed[]> {
  const child = await startChild({ version });
  const seeds = loadSeeds(version);
  const results: Replayed[] = [];
  try {
    for (const recording of loadRecordings(version)) {
      if (!only || recording.scenario === only) {
        const { results: some } = await Replay.run(
          child,
          recording,
          seeds,
          SCENARIOS[recording.scenario],
        );
        results.push(...some);
      }
    }
  } finally {
    await child.stop();
  }
  return results;
}
