import { dirname, resolve } from 'node:path';
import { InputError } from '@backstage/errors';
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
import { ExecCredential } from './execCredential';
import { chooseEntries } from './kubeconfigFile';
import {
  clusterSchema,
  type KubeconfigCluster,
  type KubeconfigUser,
  userSchema,
} from './kubeconfigSchema';
import { warningsOf } from './warnings';

/** Ways to authenticate that are gone, or that must not be ignored. */
const REFUSED_USER_FIELDS: Record<string, string> = {
  'auth-provider': 'auth-provider plugins were removed from Kubernetes in 1.26',
  username: 'Kubernetes removed passwords in 1.19',
  password: 'Kubernetes removed passwords in 1.19',
  as: 'impersonation is not supported',
  'as-uid': 'impersonation is not supported',
  'as-groups': 'impersonation is not supported',
  'as-user-extra': 'impersonation is not supported',
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
  /** Forgets a token that the cluster refused; whether another one may be had. */
  forget?: () => boolean;
  /** Whether requests carry a token or a client certificate. */
  hasCredentials: boolean;
  /** What is not as it should be, though it works. */
  warnings: string[];
}

/** @internal */
export interface KubeconfigOptions {
  context?: string;
  /** Whether the user's program may be run. */
  allowExec?: boolean;
  /** Names of variables that such a program gets too. */
  execEnvironment?: readonly string[];
  env?: NodeJS.ProcessEnv;
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
  options: KubeconfigOptions = {},
): Promise<KubeconfigAccess> {
  const file = `the kubeconfig ${path}`;
  const chosen = chooseEntries(
    await readTextFile(path, 'the kubeconfig'),
    path,
    options.context,
  );
  const inCluster = `${file}, cluster "${chosen.cluster.name}"`;
  const inUser = `${file}, user "${chosen.user?.name}"`;
  refuseUnsupported(chosen.user?.fields ?? {}, inUser);
  const cluster = parse(clusterSchema, chosen.cluster.fields, inCluster);
  const user = parse(userSchema, chosen.user?.fields ?? {}, inUser);
  const program = programOf(user, cluster, {
    ...options,
    path,
    where: inUser,
    extensions: chosen.cluster.fields.extensions,
  });
  const token = program ? () => program.token() : tokenOf(user, path, inUser);
  const clientCertificate = await clientCertificateOf(user, path, inUser);
  return {
    server: requireHttpUrl(cluster.server ?? '', `${inCluster}: server`),
    tls: { ...(await trustOf(cluster, path, inCluster)), ...clientCertificate },
    proxy: proxyOf(cluster, inCluster),
    token,
    forget: program && (() => program.forget()),
    hasCredentials: token !== undefined || clientCertificate !== undefined,
    warnings: await warningsOf(chosen, { cluster, user, path }),
  };
}

/** Messages name the field only: its value may be a token. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  fields: Record<string, unknown>,
  where: string,
): z.output<Schema> {
  const parsed = schema.safeParse(fields);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new InputError(`${where}: ${path.join('.')}: ${message}`);
  }
  return parsed.data;
}

function programOf(
  user: KubeconfigUser,
  cluster: KubeconfigCluster,
  options: KubeconfigOptions & {
    path: string;
    where: string;
    extensions: unknown;
  },
): ExecCredential | undefined {
  const { exec } = user;
  const { path, where } = options;
  if (!exec) {
    return undefined;
  }
  if (!options.allowExec) {
    throw new InputError(
      `${where}: "exec" is not allowed: it runs a program to get a credential. Set "allowExec: true" beside "kubeconfig" in app-config to run it, or ${ALTERNATIVES}`,
    );
  }
  const other = ['token', 'tokenFile'].find(
    field => user[field as 'token' | 'tokenFile'],
  );
  if (other) {
    throw new InputError(
      `${where}: expected either "exec" or "${other}", found both`,
    );
  }
  return new ExecCredential({
    exec,
    directory: dirname(path),
    where,
    cluster: {
      ...cluster,
      config: extensionFor(
        options.extensions,
        'client.authentication.k8s.io/exec',
      ),
    },
    variables: options.execEnvironment,
    env: options.env,
  });
}

function extensionFor(extensions: unknown, name: string): unknown {
  return Array.isArray(extensions)
    ? extensions.find(one => one?.name === name)?.extension
    : undefined;
}

function refuseUnsupported(
  fields: Record<string, unknown>,
  inUser: string,
): void {
  for (const [field, why] of Object.entries(REFUSED_USER_FIELDS)) {
    if (field in fields) {
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
