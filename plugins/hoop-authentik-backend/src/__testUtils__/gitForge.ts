import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const REPOSITORY = 'acme/deploy';
const CONTENTS = `/api/v3/repos/${REPOSITORY}/contents/`;

/** @internal */
export interface PullRequest {
  number: number;
  title: string;
  body: string;
  head: string;
  base: string;
  state: 'open' | 'merged';
}

/** What a pull request is made of. @internal */
export interface PullRequestOptions {
  directory: string;
  branch: string;
  base: string;
  title: string;
  body: string;
  /** Whether its pull request may be open. */
  update: boolean;
}

/** A forge on loopback with one repository: `git http-backend`, and GitHub's API as far as the reader of files needs it. @internal */
export interface GitForge {
  apiBaseUrl: string;
  /** As the form has it. */
  repoUrl: string;
  pullRequests: PullRequest[];
  /** What git prints of a command in the repository. */
  git(...args: string[]): Promise<string>;
  commit(branch: string, files: Record<string, string>): Promise<void>;
  /**
   * Pushes the files of a directory to a branch made anew of `base`, and opens its pull request unless one is open, which is
   * what the action of GitHub does.
   */
  propose(options: PullRequestOptions): Promise<PullRequest>;
  merge(pullRequest: PullRequest): Promise<void>;
  stop(): Promise<void>;
}

/** The settings of whoever runs the tests do not matter. */
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'portal',
  GIT_AUTHOR_EMAIL: 'portal@company.example',
  GIT_COMMITTER_NAME: 'portal',
  GIT_COMMITTER_EMAIL: 'portal@company.example',
};

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env });
  return stdout;
}

/** @internal */
export async function startGitForge(): Promise<GitForge> {
  const root = await mkdtemp(join(tmpdir(), 'forge-'));
  const repository = join(root, `${REPOSITORY}.git`);
  await mkdir(repository, { recursive: true });
  await git(repository, 'init', '--quiet', '--bare', '--initial-branch=main');
  await git(repository, 'config', 'http.receivepack', 'true');

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://forge');
    if (!pathname.startsWith(CONTENTS)) {
      serveGit(root, request, response);
      return;
    }
    const path = decodeURIComponent(pathname.slice(CONTENTS.length));
    git(repository, 'show', `${searchParams.get('ref')}:${path}`).then(
      text => response.end(text),
      () => response.writeHead(404).end('{"message":"Not Found"}'),
    );
  });
  await new Promise<void>(listening => {
    server.listen(0, '127.0.0.1', listening);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pullRequests: PullRequest[] = [];

  /** Changes a clone at a branch of the server, and pushes it. */
  async function push(
    base: string,
    branch: string,
    change: (clone: string) => Promise<unknown>,
  ): Promise<void> {
    const clone = await mkdtemp(join(root, 'clone-'));
    await git(clone, 'clone', '--quiet', `${url}/${REPOSITORY}.git`, '.');
    // Nothing before the first commit.
    if (await git(clone, 'branch', '--remotes')) {
      await git(clone, 'checkout', '--quiet', '-B', branch, `origin/${base}`);
    }
    await change(clone);
    await git(clone, 'add', '--all');
    await git(clone, 'commit', '--quiet', '--allow-empty', '-m', branch);
    await git(clone, 'push', '--quiet', '--force', 'origin', `HEAD:${branch}`);
  }

  return {
    apiBaseUrl: `${url}/api/v3`,
    repoUrl: 'github.com?owner=acme&repo=deploy',
    pullRequests,
    git: (...args) => git(repository, ...args),
    commit: (branch, files) =>
      push(branch, branch, async clone => {
        for (const [name, content] of Object.entries(files)) {
          const file = join(clone, name);
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, content);
        }
      }),
    async propose({ directory, branch, base, title, body, update }) {
      const open = pullRequests.find(
        ({ head, state }) => head === branch && state === 'open',
      );
      if (open && !update) {
        throw new Error(`The pull request ${open.number} is open already`);
      }
      await push(base, branch, clone =>
        cp(directory, clone, { recursive: true }),
      );
      if (open) {
        return Object.assign(open, { title, body });
      }
      const made: PullRequest = {
        number: pullRequests.length + 1,
        title,
        body,
        head: branch,
        base,
        state: 'open',
      };
      pullRequests.push(made);
      return made;
    },
    async merge(pullRequest) {
      const { head, base } = pullRequest;
      await git(repository, 'branch', '--force', base, head);
      await git(repository, 'branch', '--delete', '--force', head);
      pullRequest.state = 'merged';
    },
    async stop() {
      server.closeAllConnections();
      await new Promise(closed => {
        server.close(closed);
      });
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Git's own server, as a web server runs it. */
function serveGit(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, search } = new URL(request.url!, 'http://forge');
  const { headers } = request;
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // It may end before it has read everything.
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', chunk => chunks.push(chunk));
  backend.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    for (const line of answer.toString('latin1', 0, end).split('\r\n')) {
      const [name, value = ''] = line.split(': ');
      if (name === 'Status') {
        response.statusCode = Number.parseInt(value, 10);
      } else {
        response.setHeader(name, value);
      }
    }
    response.end(answer.subarray(end + 4));
  });
}
