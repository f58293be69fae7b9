import {
  provenSettings,
  type FileGateway,
  type FilePatch,
  type ResolvedGateway,
  type Settings,
} from 'backstage-plugin-hoop-authentik-node';
import { patchWorkspaceFile, type Workspace } from './patchWorkspaceFile';
import { fileGatewayOf } from './schema';

/** What every kind of file is given to write. */
interface SettingsForFile {
  file: string;
  settings: Omit<Settings, 'IDP_CLIENT_SECRET'>;
  clientSecret: Settings['IDP_CLIENT_SECRET'];
  gateway: FileGateway;
  allowLockout?: boolean;
}

interface FileContext extends Workspace {
  input: { path: string; planOnly?: boolean; allowLockout?: boolean };
}

/** Those that `fileOutputs` declares. */
interface FileOutputs {
  path: string;
  changed: boolean;
  changes: number;
  gateway: string;
  clientId: string;
  issuer: string;
}

/**
 * Proves the settings of a gateway, then edits the file that an action names; a dry run, or a plan alone, writes nothing.
 *
 * @throws as `provenSettings` and `patchWorkspaceFile` do
 * @internal
 */
export async function patchSettingsFile(
  { gateway, desired }: ResolvedGateway,
  ctx: FileContext,
  patch: (text: string, settings: SettingsForFile) => FilePatch,
  options: { holdsSecret?: boolean; allowOtherReaders?: boolean } = {},
): Promise<FileOutputs> {
  const { path, planOnly, allowLockout } = ctx.input;
  const dryRun = ctx.isDryRun || planOnly;
  const { IDP_CLIENT_SECRET: clientSecret, ...settings } = await provenSettings(
    gateway.systems,
    desired,
    { signal: ctx.signal, dryRun, allowLockout },
  );
  const { changed, changes } = await patchWorkspaceFile(
    { ...ctx, isDryRun: dryRun },
    path,
    text =>
      patch(text, {
        file: path,
        settings,
        clientSecret,
        gateway: fileGatewayOf(desired),
        allowLockout,
      }),
    { ...options, mustExist: !ctx.isDryRun },
  );
  return {
    path,
    changed,
    changes,
    gateway: gateway.config.name,
    clientId: settings.IDP_CLIENT_ID,
    issuer: settings.IDP_ISSUER,
  };
}
