import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../src/backendProcess';
import { LEGACY_APP, LEGACY_ENTITY_PAGE } from './legacyApp';
import {
  editJson,
  editText,
  manifestsOf,
  mergeInto,
  replaceIn,
  writeNew,
  type Manifest,
} from './portalFiles';
import { isRecorded } from './releases';
import { bash, type Shell } from './shell';

/** The newest on the registry; it makes a portal on Backstage 1.55. */
const CREATE_APP = '@backstage/create-app@0.9.2';

/** create-app refuses other versions of Node. What it makes also runs on the others that these plugins support. */
const NODE_OF_CREATE_APP = [22, 24];

/** What a portal has on its path: the Yarn version of this repository, as an adopter has one, and create-app. */
export async function installTools(
  directory: string,
  yarnVersion: string,
  shell: Shell,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"private":true}\n');
  await bash(
    shell,
    directory,
    `npm install --no-audit --no-fund @yarnpkg/cli-dist@${yarnVersion} ${CREATE_APP}`,
  );
}

/** Runs create-app, once for the new frontend system and once for the legacy one. */
export async function createApps(
  directory: string,
  tools: string,
  shell: Shell,
): Promise<void> {
  const node = await nodeForCreateApp(directory, shell);
  const create = join(tools, 'node_modules/.bin/backstage-create-app');
  await bash(
    shell,
    directory,
    [
      `'${node}' '${create}' --skip-install --path portal`,
      `'${node}' '${create}' --skip-install --legacy --path legacy`,
    ].join('\n'),
  );
}

async function nodeForCreateApp(
  directory: string,
  shell: Shell,
): Promise<string> {
  const [major] = process.versions.node.split('.').map(Number);
  if (NODE_OF_CREATE_APP.includes(major)) {
    return process.execPath;
  }
  const place = join(directory, 'node');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{"private":true}\n');
  await bash(
    shell,
    place,
    `npm install --no-audit --no-fund node@${NODE_OF_CREATE_APP[0]}`,
  );
  return join(place, 'node_modules/.bin/node');
}

/**
 * Leaves out the plugins of a new portal that these plugins have nothing to do with (TechDocs, Kubernetes, search, home, APIs and others):
 * half of its two gigabytes. The legacy frontend becomes a second app of the same workspace.
 */
export function cutDown(portal: string, legacy: string): void {
  const legacyApp = join(portal, 'packages/app-legacy');
  cpSync(join(legacy, 'packages/app'), legacyApp, { recursive: true });
  for (const place of ['src/components', 'src/App.test.tsx']) {
    rmSync(join(legacyApp, place), { recursive: true });
  }
  writeNew(join(legacyApp, 'src/App.tsx'), LEGACY_APP);
  writeNew(
    join(legacyApp, 'src/components/catalog/EntityPage.tsx'),
    LEGACY_ENTITY_PAGE,
  );
  editJson<Manifest>(join(legacyApp, 'package.json'), manifest => {
    manifest.name = 'app-legacy';
  });

  const app = join(portal, 'packages/app');
  rmSync(join(app, 'src/modules/home'), { recursive: true });
  replaceIn(
    join(app, 'src/App.tsx'),
    `import { homeModule } from './modules/home';\n`,
    '',
  );
  replaceIn(join(app, 'src/App.tsx'), ', homeModule]', ']');
  const sidebar = join(app, 'src/modules/nav/Sidebar.tsx');
  replaceIn(
    sidebar,
    `import { SidebarSearchModal } from '@backstage/plugin-search';\n`,
    '',
  );
  replaceIn(sidebar, '<SidebarSearchModal />', '<SidebarDivider />');
  for (const place of [app, legacyApp]) {
    rmSync(join(place, 'e2e-tests'), { recursive: true });
  }
  rmSync(join(portal, 'playwright.config.ts'));

  dropPlugins(portal);
  pinTools(portal);
  // No native addon is compiled: see useBuiltAddon.
  mergeInto(join(portal, '.yarnrc.yml'), {
    enableScripts: false,
    enableTelemetry: false,
  });
}

function dropPlugins(portal: string): void {
  for (const file of [...manifestsOf(portal), join(portal, 'package.json')]) {
    editJson<Manifest>(file, manifest => {
      for (const kind of ['dependencies', 'devDependencies'] as const) {
        manifest[kind] = Object.fromEntries(
          Object.entries(manifest[kind] ?? {}).filter(
            ([name]) =>
              (!name.startsWith('@backstage/') || isRecorded(name)) &&
              name !== '@playwright/test',
          ),
        );
      }
    });
  }
  editText(join(portal, 'packages/backend/src/index.ts'), text =>
    text.replace(
      /^backend\.add\(\s*import\('([^']+)'\),?\s*\);\n/gm,
      (line, name) => (isRecorded(name) ? line : ''),
    ),
  );
  dropSettings(join(portal, 'app-config.yaml'));
}

/** `config:check --strict` refuses settings of plugins that are not there. */
function dropSettings(file: string): void {
  editText(file, text => {
    const { techdocs, mcpActions, ...config } = parse(text);
    delete config.catalog.import;
    config.app.extensions = config.app.extensions.filter(
      (extension: object) => !/:home(\/|$)/.test(Object.keys(extension)[0]),
    );
    return stringify(config);
  });
}

/**
 * Versions of this repository for tools of which the newest release was published without all of its platform packages, and for the
 * native addon, of which this repository has a build. `got` is a dependency of Backstage 1.55's command line that names a patch file
 * which is not published.
 */
function pinTools(portal: string): void {
  const { resolutions } = readManifest(join(ROOT, 'package.json'));
  const plain = Object.entries(resolutions ?? {}).filter(
    ([name, version]) => !name.includes(':') && /^\d/.test(version),
  );
  const { version } = readManifest(
    join(ROOT, 'node_modules/better-sqlite3/package.json'),
  );
  mergeInto(join(portal, 'package.json'), {
    resolutions: {
      ...Object.fromEntries(plain),
      'better-sqlite3': version,
      got: '11.8.6',
    },
  });
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8'));
}
