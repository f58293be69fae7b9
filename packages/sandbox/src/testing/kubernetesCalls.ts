import { readFile } from 'node:fs/promises';
import { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { parse } from 'yaml';

interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown> & { items: unknown[] };
}

/** A few calls to the Kubernetes stand-in of a sandbox process. @internal */
export interface KubernetesCalls {
  get(path: string): Promise<RawAnswer['body']>;
  post(path: string, body: unknown): Promise<RawAnswer['body']>;
  /** Merge patch. */
  patch(path: string, body: unknown): Promise<RawAnswer['body']>;
  raw(method: string, path: string, token?: string): Promise<RawAnswer>;
}

/** @internal */
export async function kubernetesCalls(
  kubeconfigPath: string,
): Promise<KubernetesCalls> {
  const config = parse(await readFile(kubeconfigPath, 'utf8'));
  const { server, 'certificate-authority-data': authority } =
    config.clusters[0].cluster;
  const ca = Buffer.from(authority, 'base64').toString('utf8');

  const send = (
    method: string,
    path: string,
    options: { body?: unknown; contentType?: string; token?: string } = {},
  ): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        `${server}${path}`,
        {
          method,
          ca,
          headers: {
            authorization: `Bearer ${
              options.token ?? config.users[0].user.token
            }`,
            'content-type': options.contentType ?? 'application/json',
          },
        },
        response => {
          let text = '';
          response.on('data', chunk => {
            text += String(chunk);
          });
          response.once('error', reject);
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: JSON.parse(text),
            }),
          );
        },
      );
      outgoing.once('error', reject);
      outgoing.end(
        options.body === undefined ? undefined : JSON.stringify(options.body),
      );
    });

  const succeed = async (answer: Promise<RawAnswer>) => {
    const { status, body } = await answer;
    if (status >= 300) {
      throw new Error(`${status} ${JSON.stringify(body)}`);
    }
    return body;
  };

  return {
    get: path => succeed(send('GET', path)),
    post: (path, body) => succeed(send('POST', path, { body })),
    patch: (path, body) =>
      succeed(
        send('PATCH', path, {
          body,
          contentType: 'application/merge-patch+json',
        }),
      ),
    raw: (method, path, token) => send(method, path, { token }),
  };
}
