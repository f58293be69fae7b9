import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { findChromium } from '../browser/chromium';
import { buildFrontend } from '../browser/frontend';
import { Card, ENTITY_PATH } from '../browser/pages/card';
import { startStage, type Stage } from '../browser/stage';
import type { Visitor } from '../browser/visitor';
import { showGateways } from './frontend/gateways';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';

const GATEWAYS = 1_000;

/** An entity without a gateway: its page loads everything but the card. */
const OTHER_ENTITY = '/catalog/default/system/access';

const BY_ENTITY = '/api/hoop-authentik/integrations/by-entity/';

/** Not the history, the access or the refresh of an integration. */
const OF_CARD = new RegExp(`^${BY_ENTITY}[^/]+/[^/]+/[^/]+$`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
  });
  const chromium = findChromium();
  if (!chromium) {
    throw new Error('there is no Chromium; install it, or set CHROMIUM_PATH');
  }
  await buildFrontend();
  const stage = await startStage(chromium, { wellKnownPorts: false });
  try {
    (values.json ? process.stderr : process.stdout).write(
      `Frontend bench on: the built portal and the sandbox, Chromium ${stage.browser.version()}, ${availableParallelism()} CPUs.\n\n`,
    );
    report(
      [...(await measureCard(stage)), ...(await measurePage(stage))],
      values.json,
    );
  } finally {
    await stage.stop();
  }
}

async function measureCard(stage: Stage): Promise<Measure[]> {
  const visitor = await stage.visit();
  const { page } = visitor;
  const scripts = new Map<string, Promise<Buffer>>();
  let requests = 0;
  page.on('response', response => {
    if (response.request().resourceType() === 'script') {
      // Those of a page that is left are not asked for again.
      scripts.set(
        response.url(),
        response.body().catch(() => Buffer.alloc(0)),
      );
    }
    requests += OF_CARD.test(new URL(response.url()).pathname) ? 1 : 0;
  });
  await visitor.open(OTHER_ENTITY);
  await page.getByRole('heading', { name: 'Relations' }).first().waitFor();
  await page.waitForLoadState('networkidle');
  const ofApp = new Set(scripts.keys());

  await visitor.open(ENTITY_PATH);
  const card = new Card(page);
  await card.refresh.waitFor();
  await page.waitForLoadState('networkidle');
  const added = [...scripts].filter(([url]) => !ofApp.has(url));
  const bodies = await Promise.all(added.map(([, body]) => body));
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  const onOpen = requests;
  const paint = await paintAfterData(page);

  await card.root.getByRole('link', { name: 'View all checks' }).click();
  await page.getByRole('region', { name: 'Checks' }).waitFor();
  await page.goBack();
  await card.refresh.waitFor();
  const onReturn = requests - onOpen;
  await visitor.leave();
  return [
    {
      name: 'card: its scripts beyond those of the app, kB gzip',
      value: rounded(bytes / 1024),
      limit: 30,
    },
    { name: 'card: requests when it is opened', value: onOpen, limit: 1 },
    {
      name: 'card: requests when a tab is opened and left',
      value: onReturn,
      limit: 0,
    },
    { name: 'card: shown after its data, ms', value: paint, limit: 100 },
  ];
}

/** From the end of the answer to the frame that shows the state; the median of five loads. */
async function paintAfterData(page: Page): Promise<number> {
  const times: number[] = [];
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('[role="status"] svg')) {
        observer.disconnect();
        requestAnimationFrame(() => performance.mark('card-shown'));
      }
    }).observe(document, { childList: true, subtree: true });
  });
  for (let load = 0; load < 5; load++) {
    await page.reload();
    await new Card(page).refresh.waitFor();
    times.push(
      await page.evaluate(part => {
        const answer = performance
          .getEntriesByType('resource')
          .find(({ name }) => name.includes(part)) as PerformanceResourceTiming;
        const [shown] = performance.getEntriesByName('card-shown');
        return shown.startTime - answer.responseEnd;
      }, BY_ENTITY),
    );
  }
  return rounded(times.sort((a, b) => a - b)[2]);
}

async function measurePage(stage: Stage): Promise<Measure[]> {
  const visitor = await stage.visit();
  const { page } = visitor;
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver(list =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask', buffered: true });
  });
  await showGateways(page, GATEWAYS);
  // The app itself starts with long tasks; what the page adds begins when it is opened.
  await visitor.open('/catalog');
  await page.waitForLoadState('networkidle');
  await forgetLongTasks(page);

  await page.getByRole('link', { name: 'Access gateways' }).click();
  await page
    .getByRole('row')
    .filter({ hasText: 'Gateway 1' })
    .first()
    .waitFor();
  const tile = await filterToPaint(page, visitor);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Owner', exact: true }).click();
  await page.waitForLoadState('networkidle');
  await page.getByRole('searchbox').fill('gateway');
  await page.waitForLoadState('networkidle');
  const longest = await page.evaluate(() =>
    Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks),
  );
  await visitor.leave();
  return [
    {
      name: `page of ${GATEWAYS}: longest task, ms`,
      value: rounded(longest),
      limit: 100,
    },
    {
      name: `page of ${GATEWAYS}: from a tile to its rows, ms`,
      value: tile,
      limit: 200,
    },
  ];
}

async function forgetLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as { longTasks: number[] }).longTasks.length = 0;
  });
}

/** From the click on a tile to the frame in which all rows are of its state; the median of five. */
async function filterToPaint(page: Page, visitor: Visitor): Promise<number> {
  const times: number[] = [];
  for (const name of [
    'Drifted',
    'Unreachable',
    'Connected',
    'Not connected',
    'Pending',
  ]) {
    const tile = page
      .getByRole('group', { name: 'Gateways by state' })
      .getByRole('button', { name: new RegExp(`\\d ?${name}$`) });
    times.push(
      await tile.evaluate(
        (button, state) =>
          new Promise<number>(resolve => {
            const began = performance.now();
            (button as HTMLElement).click();
            const look = () => {
              const pills = [
                ...document.querySelectorAll('tbody tr td:nth-child(2)'),
              ];
              const isDone =
                pills.length > 0 &&
                pills.every(cell => cell.textContent?.includes(state));
              if (isDone) {
                resolve(performance.now() - began);
              } else {
                requestAnimationFrame(look);
              }
            };
            requestAnimationFrame(look);
          }),
        name,
      ),
    );
  }
  if (visitor.errors().length > 0) {
    throw new Error(visitor.errors().join('\n'));
  }
  return rounded(times.sort((a, b) => a - b)[2]);
}

runBench(main);
