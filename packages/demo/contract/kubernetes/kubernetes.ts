import { join } from 'node:path';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import type { ContractPart } from '../runParts';
import { handOver, type ClusterTarget } from './target';

/**
 * States what the plugins rely on from Kubernetes: on the sandbox, or in the namespace CONTRACT_NAMESPACE of the cluster
 * that KUBECONFIG leads to.
 */
export const kubernetesPart: ContractPart<ClusterTarget> = {
  name: 'kubernetes',
  suite: join(__dirname, 'suite.ts'),
  chooseTargets,
  handOver,
};

async function chooseTargets(
  sandboxes: SandboxProcess[],
): Promise<ClusterTarget[]> {
  const { KUBECONFIG: kubeconfig, CONTRACT_NAMESPACE: namespace } = process.env;
  if (namespace && kubeconfig) {
    return [
      {
        name: `the cluster of ${kubeconfig}, namespace ${namespace}`,
        kubeconfig,
        namespace,
      },
    ];
  }
  // A KUBECONFIG alone is in many a shell, and no wish to have objects made there.
  if (namespace) {
    throw new Error(
      'Set KUBECONFIG as well as CONTRACT_NAMESPACE, or neither to run on the sandbox.',
    );
  }
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 100 });
  sandboxes.push(sandbox);
  const { kubernetes, control } = sandbox;
  return [
    {
      name: 'sandbox cluster',
      kubeconfig: kubernetes.kubeconfigPath,
      namespace: kubernetes.namespace,
      sandbox: { controlUrl: control.url },
    },
  ];
}
