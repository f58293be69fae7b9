import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The workspace of a task, made anew for each test. @internal */
export interface WorkspaceFixture {
  readonly path: string;
  write(name: string, content: string | Buffer, mode?: number): Promise<void>;
  read(name: string): Promise<string>;
  /** Permission bits of a file. */
  mode(name: string): Promise<number>;
  /** Every file there is. */
  list(): Promise<string[]>;
}

/** @internal */
export function useWorkspace(): WorkspaceFixture {
  let path: string;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'workspace-'));
  });

  afterEach(async () => {
    await rm(path, { recursive: true, force: true });
  });

  return {
    get path() {
      return path;
    },
    async write(name, content, mode = 0o644) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, mode);
    },
    read: name => readFile(join(path, name), 'utf8'),
    async mode(name) {
      const { mode } = await stat(join(path, name));
      return mode % 0o1000;
    },
    list: () => readdir(path),
  };
}
