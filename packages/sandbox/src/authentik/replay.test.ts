import { NOT_SIMULATED, notSimulated } from './notSimulated';
import type { ChildSandbox } from './testing/childSandbox';
import { judge } from '../replay/differences';
import { send } from '../replay/send';
import { docRows } from '../replay/table';
import { docTable } from '../testing/docTable';
import { startChild } from './testing/childSandbox';
import { AUTHENTIK_DIFFERENCES } from './testing/differences';
import { loadRecordings, loadSeeds } from './testing/recordings';
import { Replay } from './testing/replay';
import { SCENARIOS } from './testing/scenarios';
import type { AuthentikVersion } from './types';

const COUNTS: Record<AuthentikVersion, { replayed: number; leftOut: number }> =
  {
    '2026.8': { replayed: 1063, leftOut: 44 },
    '2025.10': { replayed: 786, leftOut: 42 },
  };

/** Of endpoints that are simulated, but about accounts and roles, whose administration is not. */
const ABOUT_ACCOUNTS = [
  'attach the role to the service account through a group',
];

const VERSIONS = Object.keys(COUNTS) as AuthentikVersion[];

function report(lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

describe.each(VERSIONS)('recorded exchanges with authentik %s', version => {
  const recordings = loadRecordings(version);
  const seeds = loadSeeds(version);
  const replayed = new Map<string, number>();
  let child: ChildSandbox;

  beforeAll(async () => {
    child = await startChild({ version });
  }, 60_000);

  afterAll(async () => {
    await child?.stop();
    const sum = [...replayed.values()].reduce((a, b) => a + b, 0);
    report([
      `authentik ${version}: ${sum} recorded exchanges replayed`,
      ...[...replayed].map(([name, count]) => `  ${name}: ${count}`),
    ]);
  });

  it.each(recordings.map(recording => recording.scenario))(
    'are answered as recorded: %s',
    async scenario => {
      const recording = recordings.find(one => one.scenario === scenario);
      if (!recording) throw new Error(`no recording ${scenario}`);
      const replay = await Replay.run(
        child,
        recording,
        seeds,
        SCENARIOS[scenario],
      );
      replayed.set(scenario, replay.results.length);
      const { unlisted, idle } = judge(
        version,
        replay.results,
        AUTHENTIK_DIFFERENCES[version].filter(
          difference => difference.scenario === scenario,
        ),
      );
      expect(unlisted).toEqual([]);
      expect(idle).toEqual([]);
      expect(replay.results).toHaveLength(
        recording.exchanges.filter(exchange => !exchange.leftOut).length,
      );
    },
    60_000,
  );

  it('have their differences in the docs', () => {
    expect(docTable(`Differences to a recorded authentik ${version}`)).toEqual(
      docRows(AUTHENTIK_DIFFERENCES[version]),
    );
  });

  it('are left out only by the list of what is not simulated', () => {
    const all = recordings.flatMap(recording => recording.exchanges);
    const leftOut = all.filter(exchange => exchange.leftOut);
    const used = new Map<string, number>();
    for (const { request } of all) {
      const path = request.path.split('?')[0];
      const gap = notSimulated(request.method, path);
      if (gap) {
        const name = `${gap.method} ${gap.path}`;
        used.set(name, (used.get(name) ?? 0) + 1);
      }
    }
    report([
      `authentik ${version}: ${leftOut.length} exchanges left out, of endpoints not simulated:`,
      ...[...used].map(([name, count]) => `  ${name}: ${count}`),
    ]);
    const accounts = leftOut.filter(({ title }) =>
      ABOUT_ACCOUNTS.includes(title),
    );
    expect(
      [...used.values()].reduce((a, b) => a + b, 0) + accounts.length,
    ).toBe(leftOut.length);
    expect({
      replayed: all.length - leftOut.length,
      leftOut: leftOut.length,
    }).toEqual(COUNTS[version]);
  });

  it('gives the reason for every endpoint that is not simulated', async () => {
    const paths = [
      '/api/v3/rbac/roles/',
      '/api/v3/core/tokens/',
      '/application/o/device/',
    ];
    for (const path of paths) {
      const reply = await fetchJson(child, path);
      expect(reply.status).toBe(501);
      expect(reply.detail).toBe(
        `Not simulated by the sandbox: ${
          NOT_SIMULATED.find(gap => new RegExp(`^${gap.path}$`).test(path))
            ?.reason
        }`,
      );
    }
  });
});

async function fetchJson(
  child: ChildSandbox,
  path: string,
): Promise<{ status: number; detail: string }> {
  const reply = await send({
    url: child.url,
    method: 'GET',
    path,
    headers: { Authorization: `Bearer ${child.token}` },
  });
  return { status: reply.status, ...JSON.parse(reply.body) };
}
