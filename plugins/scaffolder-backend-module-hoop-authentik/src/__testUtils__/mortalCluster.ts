import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxProcess } from 'sandbox';
import yaml from 'yaml';
import { startInterceptor } from './startInterceptor';

/** A way to the cluster that ends for good after some writes, as it does for a process that dies there. */
export interface MortalCluster {
  kubeconfig: string;
  close(): Promise<void>;
}

/** @internal */
export async function startMortalCluster(
  { kubernetes }: SandboxProcess,
  directory: string,
  writes: number,
): Promise<MortalCluster> {
  const real = yaml.parse(await readFile(kubernetes.kubeconfigPath, 'utf8'));
  const [{ cluster }] = real.clusters;
  let left = writes;
  const way = await startInterceptor({
    url: kubernetes.url,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    // The client refuses to send a token in the clear.
    token: kubernetes.token,
    // Refused rather than out of reach, which would be tried again for a minute: who is dead does not try.
    forbids(method, path) {
      if (left <= 0) {
        return true;
      }
      if (
        method !== 'GET' &&
        !path.includes('/selfsubject') &&
        !path.includes('dryRun=All')
      ) {
        left--;
      }
      return false;
    },
  });
  const kubeconfig = join(directory, `mortal-${writes}.yaml`);
  await writeFile(
    kubeconfig,
    yaml.stringify({
      ...real,
      clusters: [{ ...real.clusters[0], cluster: { server: way.url } }],
      users: [{ ...real.users[0], user: {} }],
    }),
  );
  return { kubeconfig, close: () => way.close() };
}
