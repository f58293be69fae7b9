import { dirname } from 'node:path';
import type { Replayed } from '../../replay/differences';
import { loadFolder, Recording } from '../../replay/exchange';
import { Boot, replayBoots } from './boots';
import { GatewayReplay } from './gatewayReplay';
import { SCENARIOS } from './scenarios';

const FOLDER = dirname(require.resolve('../__fixtures__/recordings/boot.json'));

/** Every recorded boot and exchange, held against the stand-in. @internal */
export async function replayGateway(only?: string): Promise<Replayed[]> {
  const results: Replayed[] = [];
  for (const recording of loadFolder(FOLDER)) {
    if (!only || recording.scenario === only) {
      results.push(
        ...(recording.scenario === 'boot'
          ? await replayBoots(recording as unknown as Recording<Boot>)
          : await GatewayReplay.run(recording, SCENARIOS[recording.scenario])),
      );
    }
  }
  return results;
}
