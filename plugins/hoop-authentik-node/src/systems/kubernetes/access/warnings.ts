import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeInput } from '../../../core';
import type { ChosenEntries } from './kubeconfigFile';
import {
  clusterSchema,
  type KubeconfigCluster,
  type KubeconfigUser,
  userSchema,
} from './kubeconfigSchema';

const READ_BY_OTHERS = 0o004;

/** Without a meaning for the connection: the namespace is that of the gateway. */
const HARMLESS_FIELDS = {
  context: ['cluster', 'user', 'namespace', 'extensions'],
  cluster: ['disable-compression', 'extensions'],
  user: ['extensions'],
};

/**
 * What is not as it should be with the access that a kubeconfig gives, though it works.
 *
 * @internal
 */
export async function warningsOf(
  chosen: ChosenEntries,
  {
    cluster,
    user,
    path,
  }: { cluster: KubeconfigCluster; user: KubeconfigUser; path: string },
): Promise<string[]> {
  const file = `the kubeconfig ${path}`;
  return [
    ...(cluster['insecure-skip-tls-verify']
      ? [unverified(`${file}, cluster "${chosen.cluster.name}"`)]
      : []),
    ...(await readableByOthers(
      user,
      path,
      `${file}, user "${chosen.user?.name}"`,
    )),
    ...ignored(chosen, file),
  ];
}

/** Fields that neither client-go nor we know, such as a mistyped one: the file says something that has no effect. */
function ignored(
  { context, cluster, user }: ChosenEntries,
  file: string,
): string[] {
  const known = {
    context: HARMLESS_FIELDS.context,
    cluster: [...HARMLESS_FIELDS.cluster, ...Object.keys(clusterSchema.shape)],
    user: [...HARMLESS_FIELDS.user, ...Object.keys(userSchema.shape)],
  };
  return Object.entries({ context, cluster, user }).flatMap(([kind, entry]) =>
    Object.keys(entry?.fields ?? {})
      .filter(field => !known[kind as keyof typeof known].includes(field))
      .map(
        field =>
          `${file}, ${kind} "${entry?.name}": the field ${describeInput(
            field,
          )} is unknown and has no effect. Check its spelling.`,
      ),
  );
}

async function readableByOthers(
  user: KubeconfigUser,
  path: string,
  where: string,
): Promise<string[]> {
  const { tokenFile } = user;
  const keyFile = user['client-key-data'] ? undefined : user['client-key'];
  const inline = (user.token && !tokenFile) || user['client-key-data'];
  const at = (file: string) => resolve(dirname(path), file);
  const checks = [
    ...(inline ? [warningsOfMode(path, `the kubeconfig ${path}`)] : []),
    ...(tokenFile
      ? [
          warningsOfMode(
            at(tokenFile),
            `${where}: the tokenFile ${at(tokenFile)}`,
          ),
        ]
      : []),
    ...(keyFile
      ? [warningsOfMode(at(keyFile), `${where}: the client-key ${at(keyFile)}`)]
      : []),
  ];
  return (await Promise.all(checks)).flat();
}

/**
 * What to warn of where every user of this machine may read a file with a credential; nothing where only some may, or it
 * cannot be found out.
 *
 * @param what - the file, for the message: `the kubeconfig /x`
 */
async function warningsOfMode(path: string, what: string): Promise<string[]> {
  if (process.platform === 'win32') {
    return [];
  }
  const mode = await stat(path).then(
    found => found.mode,
    () => 0,
  );
  return mode & READ_BY_OTHERS
    ? [
        `${what} holds a credential, and every user of this machine may read it (mode ${(
          mode & 0o777
        )
          .toString(8)
          .padStart(
            4,
            '0',
          )}). Set its mode to 0600, or 0640 with a group of its own.`,
      ]
    : [];
}

/** @param where - the cluster, for the message @internal */
export function unverified(where: string): string {
  return `${where} has its certificate unverified, so whoever is between can read the credentials and change what is written. Name its certificate authority instead.`;
}
