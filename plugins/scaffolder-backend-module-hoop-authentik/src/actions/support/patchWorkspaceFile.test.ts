import { mkdirSync, rmSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { loggerTo } from '../../__testUtils__/portal';
import { useWorkspace } from '../../__testUtils__/useWorkspace';
import { patchWorkspaceFile } from './patchWorkspaceFile';

const CHANGE = { object: 'a', field: 'b', from: 'c', to: 'd' };

describe('patchWorkspaceFile', () => {
  const workspace = useWorkspace();

  const patch = (
    path: string,
    edit: (text: string) => string,
    options: { isDryRun?: boolean; signal?: AbortSignal } = {},
  ) =>
    patchWorkspaceFile(
      {
        workspacePath: workspace.path,
        logger: loggerTo(),
        ...options,
      },
      path,
      text => ({ text: edit(text), changes: [CHANGE], notes: [] }),
    );

  it('should put the new text in place with the mode the file had', async () => {
    await workspace.write('deep/.env', '\uFEFFa\r\n', 0o640);

    await expect(patch('deep/.env', text => `${text}b`)).resolves.toEqual({
      changed: true,
      changes: 1,
    });
    expect(await workspace.read('deep/.env')).toBe('\uFEFFa\r\nb');
    expect(await workspace.mode('deep/.env')).toBe(0o640);
    expect(await workspace.list()).toEqual(['deep']);
  });

  it('should edit the file behind a link', async () => {
    await workspace.write('real', 'a');
    await symlink('real', join(workspace.path, 'link'));

    await patch('link', () => 'b');

    expect(await workspace.read('real')).toBe('b');
  });

  it('should write nothing where nothing changed, in a dry run, or when cancelled', async () => {
    await workspace.write('file', 'a', 0o444);

    await expect(patch('file', text => text)).resolves.toMatchObject({
      changed: false,
    });
    await expect(patch('file', () => 'b', { isDryRun: true })).resolves.toEqual(
      { changed: false, changes: 1 },
    );
    await expect(
      patch('file', () => 'b', { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/);
    expect(await workspace.read('file')).toBe('a');
    expect(await workspace.list()).toEqual(['file']);
  });

  it('should leave nothing behind where the file cannot be replaced', async () => {
    await workspace.write('file', 'a');

    await expect(
      patch('file', () => {
        const file = join(workspace.path, 'file');
        rmSync(file);
        mkdirSync(file);
        return 'b';
      }),
    ).rejects.toThrow();
    expect(await workspace.list()).toEqual(['file']);
  });

  it('should refuse what is no file of text in the workspace', async () => {
    await workspace.write('folder/binary', Buffer.from([0xff, 0xfe, 0x41]));
    await workspace.write('long', 'a'.repeat(1024 * 1024 + 1));
    await symlink('/', join(workspace.path, 'out'));

    await expect(patch('none', String)).rejects.toThrow(
      /does not exist in the workspace/,
    );
    await expect(patch('folder', String)).rejects.toThrow(/is not a file/);
    await expect(patch('folder/binary', String)).rejects.toThrow(/UTF-8/);
    await expect(patch('long', String)).rejects.toThrow(/at most 1048576/);
    await expect(patch('../x', String)).rejects.toThrow(/outside/);
    await expect(patch('out/etc/hostname', String)).rejects.toThrow(/outside/);
  });
});
