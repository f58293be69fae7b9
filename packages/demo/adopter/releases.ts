import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../src/backendProcess';
import release155 from './backstage-1.55.json';
import { editJson, manifestsOf, type Manifest } from './portalFiles';
import { bash, type Shell } from './shell';

export const RELEASES = ['1.55', '1.57'] as const;
export type Release = (typeof RELEASES)[number];

/** What the lock file of this repository holds of one package. */
const BLOCK = /^"((?:@[^/]+\/)?[^@"]+)@.*\n {2}version: (\S+)$/m;

/** The lock file of this repository, block by block, without what belongs to its own workspace. */
function lockBlocks(): string[] {
  return readFileSync(join(ROOT, 'yarn.lock'), 'utf8')
    .trimEnd()
    .split('\n\n')
    .filter(
      block =>
        !/^ {2}resolution: ".*@(workspace|link):/m.test(block) &&
        !block.includes('~/patches/'),
    );
}

function nameOf(block: string): string | undefined {
  return BLOCK.exec(block)?.[1];
}

/** Backstage's packages with their versions in the release that this repository is developed on. */
function developedOn(): Record<string, string> {
  const versions = lockBlocks().flatMap(block => {
    const [, name, version] = BLOCK.exec(block) ?? [];
    return name?.startsWith('@backstage/') ? [[name, version] as const] : [];
  });
  // Yarn sorts by range, so that of two versions the newer comes last.
  return Object.fromEntries(versions);
}

/** Whether a package of Backstage is one whose version in both releases is known. */
export function isRecorded(name: string): boolean {
  return name in release155;
}

/**
 * Puts a portal on a release: the versions in its manifests, and a lock file as one would find there.
 *
 * The lock file that Backstage offers for new portals takes its place where that can be downloaded; here, the one of this repository
 * does. Without any, each range would resolve to its newest version, and 1.55 would be a mixture of releases.
 */
export async function putOnRelease(
  portal: string,
  release: Release,
  shell: Shell,
): Promise<void> {
  if (release === '1.57') {
    const versions = developedOn();
    setVersions(portal, name => versions[name] && `^${versions[name]}`);
    editJson(join(portal, 'backstage.json'), file => {
      file.version = backstageVersion();
    });
    writeLock(portal, lockBlocks());
    return;
  }
  await lockOldRelease(portal, shell);
}

function setVersions(
  portal: string,
  rangeOf: (name: string) => string | undefined,
): void {
  const set = (dependencies: Record<string, string> = {}) => {
    for (const name of Object.keys(dependencies)) {
      dependencies[name] = rangeOf(name) || dependencies[name];
    }
  };
  for (const file of manifestsOf(portal)) {
    editJson<Manifest>(file, manifest => {
      set(manifest.dependencies);
      set(manifest.devDependencies);
    });
  }
  editJson<Manifest>(join(portal, 'package.json'), manifest => {
    // Backstage 1.57 needs it; a portal of 1.55 comes with an older one.
    set(manifest.devDependencies);
    const { devDependencies } = readJson(join(ROOT, 'package.json'));
    manifest.devDependencies = {
      ...manifest.devDependencies,
      typescript: devDependencies.typescript,
    };
  });
}

/**
 * Writes the lock file of a portal that was locked on 1.55: resolves with every package of Backstage pinned, then lets each range that
 * was asked for lead to the pinned version, so that packages which are added later find what they find in such a portal.
 */
async function lockOldRelease(portal: string, shell: Shell): Promise<void> {
  writeLock(
    portal,
    lockBlocks().filter(block => !nameOf(block)?.startsWith('@backstage/')),
  );
  const manifest = join(portal, 'package.json');
  const before = readFileSync(manifest, 'utf8');
  editJson<Manifest>(manifest, root => {
    root.resolutions = { ...root.resolutions, ...release155 };
  });
  await bash(shell, portal, 'yarn install --mode=update-lockfile');
  writeFileSync(manifest, before);

  const lockFile = join(portal, 'yarn.lock');
  const lock = readFileSync(lockFile, 'utf8');
  const asked = new Map<string, Set<string>>();
  for (const [, name, range] of lock.matchAll(
    /^ {4}"(@backstage\/[^"]+)": "(npm:[^"]+)"$/gm,
  )) {
    asked.set(name, (asked.get(name) ?? new Set()).add(range));
  }
  writeFileSync(
    lockFile,
    lock.replace(/^"(@backstage\/[^@"]+)@npm:[^"]*":$/gm, (key, name) => {
      const ranges = [...(asked.get(name) ?? [])].sort();
      return ranges.length
        ? `"${ranges.map(range => `${name}@${range}`).join(', ')}":`
        : key;
    }),
  );
}

function writeLock(portal: string, blocks: string[]): void {
  writeFileSync(join(portal, 'yarn.lock'), `${blocks.join('\n\n')}\n`);
}

function backstageVersion(): string {
  return readJson(join(ROOT, 'backstage.json')).version;
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
