import { handOverIn } from '../handOver';

/** The cluster that the suite runs on. */
export interface ClusterTarget {
  name: string;
  kubeconfig: string;
  /** Where objects may be made. */
  namespace: string;
  /** What only the sandbox has. */
  sandbox?: { controlUrl: string };
}

export const { handOver, takeOver } = handOverIn<ClusterTarget>(
  'KUBERNETES_CONTRACT_TARGET',
);
