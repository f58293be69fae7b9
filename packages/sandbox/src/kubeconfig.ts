import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Writes a kubeconfig only its owner can read; resolves with the path. @internal */
export async function writeKubeconfig(
  directory: string,
  cluster: { url: string; ca: string; token: string; namespace: string },
): Promise<string> {
  const path = join(directory, 'kubeconfig');
  await mkdir(directory, { recursive: true });
  const content = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [
      {
        name: 'sandbox',
        cluster: {
          server: cluster.url,
          'certificate-authority-data': Buffer.from(cluster.ca).toString(
            'base64',
          ),
        },
      },
    ],
    contexts: [
      {
        name: 'sandbox',
        context: {
          cluster: 'sandbox',
          user: 'sandbox',
          namespace: cluster.namespace,
        },
      },
    ],
    users: [{ name: 'sandbox', user: { token: cluster.token } }],
  });
  await writeFile(path, content, { mode: 0o600 });
  // The mode above only counts for a new file.
  await chmod(path, 0o600);
  return path;
}
