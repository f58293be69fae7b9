import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { SandboxProcess } from 'sandbox';

const AUTHORITY = /certificate-authority-data: (?:>-\s+)?(\S+)/;

/** Merges a patch into an object of the gateway's namespace, as administrator of the sandbox's cluster. @internal */
export async function patchObject(
  { kubernetes }: Pick<SandboxProcess, 'kubernetes'>,
  path: string,
  patch: object,
  api = 'api/v1',
): Promise<void> {
  const kubeconfig = await readFile(kubernetes.kubeconfigPath, 'utf8');
  const [, authority = ''] = AUTHORITY.exec(kubeconfig) ?? [];
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(
      `${kubernetes.url}/${api}/namespaces/${kubernetes.namespace}/${path}`,
      {
        method: 'PATCH',
        ca: Buffer.from(authority, 'base64'),
        headers: {
          authorization: `Bearer ${kubernetes.token}`,
          'content-type': 'application/merge-patch+json',
        },
      },
      response => {
        response.resume();
        response.on('end', () =>
          response.statusCode === 200
            ? resolve()
            : reject(new Error(`PATCH ${path}: ${response.statusCode}`)),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(patch));
  });
}
