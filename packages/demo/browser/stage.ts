import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { Portal, startBackend, type BackendProcess } from '../src';
import { launchChromium } from './chromium';
import { Visitor } from './visitor';

/** Everything a browser test needs: the systems, the portal in front of them, and somebody who looks at it. */
export interface Stage {
  sandbox: SandboxProcess;
  backend: BackendProcess;
  browser: Browser;
  /** A person with a browser profile of their own. */
  visit(): Promise<Visitor>;
  stop(): Promise<void>;
}

/** The ports of `npm start` that show in pictures. */
const WELL_KNOWN_PORTS = { authentik: 9000, gateway: 8009 };

/**
 * Starts a sandbox of its own and the backend, which serves the built frontend at its own address.
 *
 * @param options - with `wellKnownPorts`, addresses look the same every time; otherwise all ports are free ones
 */
export async function startStage(
  executablePath: string,
  options: { wellKnownPorts: boolean },
): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'hoop-authentik-browser-'));
  const ends: Array<() => Promise<unknown>> = [
    () => rm(dir, { recursive: true, force: true }),
  ];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) {
      await end();
    }
  };
  try {
    const sandbox = await startSandboxProcess({
      dataDir: join(dir, 'sandbox'),
      ports: options.wellKnownPorts ? WELL_KNOWN_PORTS : {},
    });
    ends.push(() => sandbox.stop());
    const backend = await startBackend(sandbox, dir, {
      // The port is only known to the file that this becomes a part of.
      app: { baseUrl: { $include: 'app-config.demo.json#backend.baseUrl' } },
    });
    ends.push(() => backend.stop());
    const browser = await launchChromium(executablePath);
    ends.push(() => browser.close());
    await untilInCatalog(backend);
    return {
      sandbox,
      backend,
      browser,
      visit: () => Visitor.arrive(browser, backend.url),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilInCatalog(backend: BackendProcess): Promise<void> {
  const portal = await Portal.signIn(backend.url);
  await portal.untilInCatalog('resource/default/hoop');
  await portal.untilInCatalog('template/default/connect-gateway');
}
