import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKS } from 'backstage-plugin-hoop-authentik-node/alpha';
import { CATALOGUE_PATH, checkCatalogue } from '../src/docs/checkCatalogue';

/** Writes the catalogue of checks, or with `--check` only tells whether it is up to date. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false } },
  });
  const file = resolve(__dirname, '../../..', CATALOGUE_PATH);
  const wanted = checkCatalogue(CHECKS);
  if (!values.check) {
    await writeFile(file, wanted);
    process.stdout.write(
      `${CATALOGUE_PATH}: ${CHECKS.length} checks described\n`,
    );
    return;
  }
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found !== wanted) {
    process.stderr.write(
      `${CATALOGUE_PATH} is not what the checks say. Run "yarn docs:checks" and commit the result.\n`,
    );
    process.exitCode = 1;
  }
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
