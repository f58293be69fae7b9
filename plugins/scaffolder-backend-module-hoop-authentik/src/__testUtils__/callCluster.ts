import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { SandboxProcess } from 'sandbox';

const AUTHORITY = /certificate-authority-data: (?:>-\s+)?(\S+)/;

/** Calls the API of the sandbox's cluster as its administrator; `path` is relative to the gateway's namespace. */
export async function callCluster<T>(
  { kubernetes }: Pick<SandboxProcess, 'kubernetes'>,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const kubeconfig = await readFile(kubernetes.kubeconfigPath, 'utf8');
  const [, authority = ''] = AUTHORITY.exec(kubeconfig) ?? [];
  const [group, resource] = path.startsWith('deployments')
    ? ['apis/apps/v1', path]
    : ['api/v1', path];
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${kubernetes.url}/${group}/namespaces/${kubernetes.namespace}/${resource}`,
      {
        method,
        ca: Buffer.from(authority, 'base64'),
        headers: {
          authorization: `Bearer ${kubernetes.token}`,
          'content-type':
            method === 'PATCH'
              ? 'application/merge-patch+json'
              : 'application/json',
        },
      },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('end', () =>
          response.statusCode && response.statusCode < 300
            ? resolve(JSON.parse(text))
            : reject(
                new Error(`${method} ${path}: ${response.statusCode} ${text}`),
              ),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}
