import { replayGateway } from '../gateway/replay';
import { GATEWAY_DIFFERENCES } from '../gateway/replay/differences';
import { replayKubernetes } from '../kubernetes/replay';
import { KUBERNETES_DIFFERENCES } from '../kubernetes/replay/differences';
import { AUTHENTIK_DIFFERENCES } from '../authentik/testing/differences';
import { replayAuthentik } from '../authentik/testing/replayAll';
import type { Difference, Replayed } from './differences';

interface System {
  replay: (scenario?: string) => Promise<Replayed[]>;
  differences: readonly Difference[];
  /** How many exchanges are recorded, so that none gets lost. */
  recorded: number;
}

/** The systems whose recordings are replayed. @internal */
export const SYSTEMS: Record<string, System> = {
  kubernetes: {
    replay: replayKubernetes,
    differences: KUBERNETES_DIFFERENCES,
    recorded: 250,
  },
  hoop: {
    replay: replayGateway,
    differences: GATEWAY_DIFFERENCES,
    recorded: 592,
  },
  'authentik-2026.8': {
    replay: scenario => replayAuthentik('2026.8', scenario),
    differences: AUTHENTIK_DIFFERENCES['2026.8'],
    recorded: 1063,
  },
  'authentik-2025.10': {
    replay: scenario => replayAuthentik('2025.10', scenario),
    differences: AUTHENTIK_DIFFERENCES['2025.10'],
    recorded: 786,
  },
};
