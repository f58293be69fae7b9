import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { parseArgs } from 'node:util';
import { findChromium } from './chromium';
import { buildFrontend } from './frontend';
import { Pictures } from './pictures';
import { startStage, type Stage } from './stage';
import { disconnectTests } from './tests/disconnect';
import { formTests } from './tests/forms';
import { journeyTests } from './tests/journey';
import { keyboardTests } from './tests/keyboard';
import { requestTests } from './tests/requests';
import { signInTests } from './tests/signIn';
import { stateTests } from './tests/states';
import { surfaceTests } from './tests/surfaces';
import type { Visitor } from './visitor';

const NO_CHROMIUM =
  'no Chromium on this machine; install it, or set CHROMIUM_PATH to one';

/** The portal as people see it: production frontend, real backend, sandbox, and Chromium without a window. */
function portalTests(chromium: string, pictures: Pictures): void {
  describe('The portal in a browser', () => {
    let stage: Stage | undefined;
    let guest: Visitor | undefined;
    before(async () => {
      await buildFrontend();
      stage = await startStage(chromium, { wellKnownPorts: pictures.enabled });
      guest = await stage.visit();
    });
    after(() => stage?.stop());

    const scene = {
      stage: () => started(stage),
      guest: () => started(guest),
      pictures,
    };
    formTests(scene);
    journeyTests(scene);
    keyboardTests(scene);
    stateTests(scene);
    surfaceTests(scene);
    signInTests(scene);
    disconnectTests(scene);
    requestTests(scene);
  });
}

function started<T>(part: T | undefined): T {
  assert.ok(part, 'the portal did not start');
  return part;
}

const { values } = parseArgs({
  options: { screenshots: { type: 'boolean', default: false } },
});
const chromium = findChromium();
if (chromium) {
  portalTests(chromium, new Pictures({ enabled: values.screenshots }));
} else if (process.env.CI === 'true') {
  process.stderr.write(`The browser tests cannot run: ${NO_CHROMIUM}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(
    `\nNOTICE: the browser tests did not run: ${NO_CHROMIUM}\n\nok 1 - The portal in a browser # SKIP ${NO_CHROMIUM}\n`,
  );
}
