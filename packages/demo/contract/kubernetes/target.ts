import { handOverIn } from '../handOver';

/** The cluster that the suite runs on. */
export interface ClusterTarget {
  name: string;
  kubeconfig: string;
  /** Where objects may be made. */
  namespace: string;
  /** What only the sandbox has. */
  sandbox?: { controlUrl: string };
  /** A portal whose Kubernetes plugin knows the cluster by a name; everything then goes through its proxy. */
  portal?: { url: string; token: string; cluster: string };
}

export const { handOver, takeOver } = handOverIn<ClusterTarget>(
  'KUBERNETES_CONTRACT_TARGET',
);
