import { dirname, resolve } from 'node:path';
import { InputError } from '@backstage/errors';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { SecretValue } from '../../../core';
import { requireHttpUrl } from '../../../config/readUrl';
import type { ClusterTls } from '../types';
import {
  decodeBase64Field,
  fixedToken,
  readTextFile,
  requireCertificates,
  requireKeyPair,
  tokenFromFile,
  type TokenSource,
} from './credentials';

/** An entry of a list may be absent altogether: `kubectl config` writes `null` for an empty list. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform(items => items ?? []);

const clusterSchema = z.looseObject({
  server: z.string().optional(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

const userSchema = z.looseObject({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
});

/** The parts of a kubeconfig (v1.Config of client-go) that define access to a cluster. */
const kubeconfigSchema = z.looseObject({
  'current-context': z.string().nullish(),
  contexts: list(
    z.looseObject({
      name: z.string(),
      context: z.looseObject({
        cluster: z.string(),
        user: z.string().nullish(),
      }),
    }),
  ),
  clusters: list(z.looseObject({ name: z.string(), cluster: clusterSchema })),
  users: list(z.looseObject({ name: z.string(), user: userSchema.nullish() })),
});

type Kubeconfig = z.infer<typeof kubeconfigSchema>;
type KubeconfigCluster = z.infer<typeof clusterSchema>;
type KubeconfigUser = z.infer<typeof userSchema>;

/** Ways to authenticate that need a program, a login or a plugin, or that must not be ignored. */
const REFUSED_USER_FIELDS: Record<string, string> = {
  exec: 'it runs a program to get a credential, which a backend must not do',
  'auth-provider': 'auth-provider plugins were removed from Kubernetes in 1.26',
  username: 'Kubernetes removed passwords in 1.19',
  as: 'impersonation is not supported',
};

const ALTERNATIVES =
  'give the user a "token", a "tokenFile" or a client certificate (preferably of a service account for this backend), or set "inCluster: true" where the backend runs in the same cluster';

/** @internal */
export interface KubeconfigAccess {
  server: string;
  tls: ClusterTls;
  /** May contain a password. */
  proxy: SecretValue | undefined;
  token?: TokenSource;
  /** Whether requests carry a token or a client certificate. */
  hasCredentials: boolean;
}

/**
 * Reads how to reach a cluster from a kubeconfig file. Paths in it are relative to the file; `…-data` fields override
 * files and `tokenFile` overrides `token`, as in client-go.
 *
 * @throws InputError naming the file, what was expected and what was found
 * @internal
 */
export async function readKubeconfig(
  path: string,
  contextName?: string,
): Promise<KubeconfigAccess> {
  const config = parseKubeconfig(
    await readTextFile(path, 'the kubeconfig'),
    path,
  );
  const context = findContext(config, contextName, path);
  const cluster = find(
    config.clusters,
    context.cluster,
    `the kubeconfig ${path}, cluster of context "${context.name}"`,
  ).cluster;
  const user = context.user
    ? find(
        config.users,
        context.user,
        `the kubeconfig ${path}, user of context "${context.name}"`,
      ).user ?? {}
    : {};
  const inCluster = `the kubeconfig ${path}, cluster "${context.cluster}"`;
  const inUser = `the kubeconfig ${path}, user "${context.user}"`;

  refuseUnsupported(user, inUser);
  const token = tokenOf(user, path, inUser);
  const clientCertificate = await clientCertificateOf(user, path, inUser);
  return {
    server: requireHttpUrl(cluster.server ?? '', `${inCluster}: server`),
    tls: { ...(await trustOf(cluster, path, inCluster)), ...clientCertificate },
    proxy: proxyOf(cluster, inCluster),
    token,
    hasCredentials: token !== undefined || clientCertificate !== undefined,
  };
}

/** Messages name only lines and fields, since an excerpt of the file could contain a token. */
function parseKubeconfig(text: string, path: string): Kubeconfig {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    prettyErrors: false,
    lineCounter: lines,
  });
  const problem = document.errors[0];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new InputError(
      `the kubeconfig ${path} is not valid YAML: ${problem.code} at line ${line}, column ${col}`,
    );
  }
  const parsed = kubeconfigSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(
      `the kubeconfig ${path} is not a kubeconfig: ${
        issue.path.join('.') || 'the document'
      }: ${issue.message}`,
    );
  }
  return parsed.data;
}

function findContext(
  config: Kubeconfig,
  wanted: string | undefined,
  path: string,
) {
  const name = wanted ?? config['current-context'];
  if (!name) {
    throw new InputError(
      `the kubeconfig ${path} has no current-context: expected one, or a "context" in app-config; found ${names(
        config.contexts,
      )}`,
    );
  }
  const { context } = find(
    config.contexts,
    name,
    `the kubeconfig ${path}, context`,
  );
  return { name, cluster: context.cluster, user: context.user };
}

function find<T extends { name: string }>(
  items: T[],
  name: string,
  where: string,
): T {
  const found = items.find(item => item.name === name);
  if (!found) {
    throw new InputError(`${where}: expected "${name}", found ${names(items)}`);
  }
  return found;
}

function names(items: { name: string }[]): string {
  return items.length ? items.map(item => `"${item.name}"`).join(', ') : 'none';
}

function refuseUnsupported(user: KubeconfigUser, inUser: string): void {
  for (const [field, why] of Object.entries(REFUSED_USER_FIELDS)) {
    if (user[field] !== undefined && user[field] !== null) {
      throw new InputError(
        `${inUser}: "${field}" cannot be used: ${why}; ${ALTERNATIVES}`,
      );
    }
  }
}

function proxyOf(
  { 'proxy-url': url }: KubeconfigCluster,
  where: string,
): SecretValue | undefined {
  if (!url) {
    return undefined;
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new InputError(
      `${where}: proxy-url: expected the http or https URL of a proxy, found something else`,
    );
  }
  return new SecretValue(url);
}

async function trustOf(
  cluster: KubeconfigCluster,
  path: string,
  where: string,
): Promise<ClusterTls> {
  const skip = cluster['insecure-skip-tls-verify'] === true;
  const authority = await pemOf(cluster, 'certificate-authority', path, where);
  if (skip && authority) {
    // client-go refuses both together as well.
    throw new InputError(
      `${where}: expected either a certificate-authority or "insecure-skip-tls-verify: true", found both`,
    );
  }
  return {
    ...(authority && {
      ca: requireCertificates(authority.pem, authority.where),
    }),
    ...(skip && { rejectUnauthorized: false }),
    ...(cluster['tls-server-name'] && {
      servername: cluster['tls-server-name'],
    }),
  };
}

function tokenOf(
  user: KubeconfigUser,
  path: string,
  where: string,
): TokenSource | undefined {
  if (user.tokenFile) {
    return tokenFromFile(
      resolve(dirname(path), user.tokenFile),
      `${where}: the tokenFile`,
    );
  }
  const token = user.token?.trim();
  return token ? fixedToken(new SecretValue(token)) : undefined;
}

async function clientCertificateOf(
  user: KubeconfigUser,
  path: string,
  where: string,
): Promise<Pick<ClusterTls, 'cert' | 'key'> | undefined> {
  const cert = await pemOf(user, 'client-certificate', path, where);
  const key = await pemOf(user, 'client-key', path, where);
  if (!cert && !key) {
    return undefined;
  }
  if (!cert || !key) {
    throw new InputError(
      `${where}: expected both a client-certificate and a client-key, found only the ${
        cert ? 'certificate' : 'key'
      }`,
    );
  }
  return requireKeyPair(cert, key);
}

/** A PEM text from the kubeconfig itself (`<field>-data`) or from a file (`<field>`). */
async function pemOf(
  owner: Record<string, unknown>,
  field: 'certificate-authority' | 'client-certificate' | 'client-key',
  path: string,
  where: string,
): Promise<{ pem: string; where: string } | undefined> {
  const data = owner[`${field}-data`];
  if (typeof data === 'string' && data) {
    const here = `${where}: ${field}-data`;
    return { pem: decodeBase64Field(data, here), where: here };
  }
  const file = owner[field];
  if (typeof file === 'string' && file) {
    const full = resolve(dirname(path), file);
    return {
      pem: await readTextFile(full, `${where}: the ${field}`),
      where: `${where}: the ${field} ${full}`,
    };
  }
  return undefined;
}
