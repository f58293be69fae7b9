import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { startBackend, type BackendProcess } from './backendProcess';
import { residentMegabytes } from './memory';
import { Portal, type FinishedTask, type ShownIntegration } from './portal';
import type { Printer } from './printer';
import { huntSecrets } from './secretHunt';
import { hoopLogin, type LoginResult } from './signIn';
import { countWrites } from './writes';

const ENTITY = 'resource/default/hoop';
const ENTITY_REF = 'resource:default/hoop';
const TEMPLATE = 'template:default/connect-gateway';
const PERSON = 'jane';

/** What the demo found; the document that `--json` prints. @internal */
export interface DemoReport {
  before: ShownIntegration;
  task: Pick<FinishedTask, 'id' | 'status' | 'output'>;
  after: ShownIntegration;
  login: LoginResult;
  rerun: { status: string; writes: number };
  secrets: { hunted: number; places: number; bytes: number; hits: number };
  figures: {
    startSeconds: number;
    totalSeconds: number;
    backendMegabytes: number;
    sandboxMegabytes: number;
  };
  /** What is not as it should be; empty when the demo succeeded. */
  problems: string[];
}

/**
 * The main job, as a user of the portal does it, on a sandbox of its own.
 *
 * @internal
 */
export async function runDemo(printer: Printer): Promise<DemoReport> {
  const started = Date.now();
  const dir = await mkdtemp(join(tmpdir(), 'hoop-authentik-demo-'));
  let sandbox: SandboxProcess | undefined;
  let backend: BackendProcess | undefined;
  try {
    printer.heading('Starting the sandbox and the portal');
    sandbox = await startSandboxProcess({ dataDir: join(dir, 'sandbox') });
    printer.line(
      `Sandbox: authentik ${sandbox.authentik.version} at ${sandbox.authentik.url}, gateway at ${sandbox.gateway.url}, Kubernetes API at ${sandbox.kubernetes.url} (stand-ins on this machine)`,
    );
    backend = await startBackend(sandbox, dir);
    printer.line(`Portal: Backstage backend at ${backend.url}`);
    const startSeconds = secondsSince(started);
    const report = await connect(sandbox, backend, printer);
    const figures = {
      startSeconds,
      totalSeconds: secondsSince(started),
      backendMegabytes: residentMegabytes(backend.pid),
      sandboxMegabytes: Math.round(
        (await sandbox.control.memory()).rss / 1024 / 1024,
      ),
    };
    // Stopped first: an orderly end flushes the database files that the hunt reads.
    await backend.stop();
    const secrets = await hunt(sandbox, backend, printer, report);
    return withProblems({ ...report, secrets, figures });
  } finally {
    await backend?.stop();
    await sandbox?.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

type JobReport = Omit<DemoReport, 'secrets' | 'figures' | 'problems'> & {
  records: unknown[];
};

async function connect(
  sandbox: SandboxProcess,
  backend: BackendProcess,
  printer: Printer,
): Promise<JobReport> {
  const portal = await Portal.signIn(backend.url);
  await portal.untilInCatalog(ENTITY);
  await portal.untilInCatalog('template/default/connect-gateway');

  printer.heading(`Before: the card of ${ENTITY_REF}`);
  const before = await portal.getIntegration(ENTITY);
  printer.integration(before);

  printer.heading('Running the software template "connect-gateway"');
  const values = {
    entity: ENTITY_REF,
    name: 'Hoop.dev',
    group: 'Infrastructure',
    access: 'groups',
    bindings: [{ group: 'engineering' }],
  };
  const task = await portal.runTemplate(TEMPLATE, values, printer.taskEvent);

  printer.heading(`After: the card of ${ENTITY_REF}`);
  const after = await portal.getIntegration(ENTITY);
  printer.integration(after);

  printer.heading(`Signing in as ${PERSON}, as hoop login does`);
  const login = await hoopLogin(sandbox, PERSON);
  printer.line(
    `The gateway issued a token for ${login.email}; groups: ${login.groups.join(
      ', ',
    )}${login.isAdmin ? ' (administrator)' : ''}`,
  );

  printer.heading('Running the template again');
  const { seq } = await sandbox.control.requests();
  const again = await portal.runTemplate(TEMPLATE, values);
  const writes = countWrites((await sandbox.control.requests(seq)).requests);
  printer.line(`Task ${again.status}, ${writes} writes`);
  return {
    before,
    task: { id: task.id, status: task.status, output: task.output },
    after,
    login,
    rerun: { status: again.status, writes },
    records: [
      await portal.getTaskRecord(task.id),
      await portal.getTaskRecord(again.id),
    ],
  };
}

async function hunt(
  sandbox: SandboxProcess,
  backend: BackendProcess,
  printer: Printer,
  { records, ...report }: JobReport,
): Promise<DemoReport['secrets']> {
  printer.heading('Hunting for secrets');
  const secrets = await sandbox.control.secrets();
  const places = {
    'output of the demo': printer.printed(),
    'report of the demo': JSON.stringify(report),
    'tasks as the portal tells them': JSON.stringify(records),
    'log of the backend': backend.log(),
    ...(await backend.database.contents()),
  };
  const hits = huntSecrets(secrets, places);
  const bytes = Object.values(places).reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  );
  for (const place of new Set(hits.map(hit => hit.place))) {
    printer.line(`A secret was found in: ${place}`);
  }
  printer.line(
    `${hits.length} of ${secrets.length} secrets found in ${Math.round(
      bytes / 1024,
    )} KB of output, task records, backend log and database`,
  );
  return {
    hunted: secrets.length,
    places: Object.keys(places).length,
    bytes,
    hits: hits.length,
  };
}

function withProblems(
  report: Omit<DemoReport, 'problems'> & { records?: unknown },
): DemoReport {
  const { records: _, ...shown } = report;
  const expectations: Array<[boolean, string]> = [
    [
      report.before.state === 'not-connected',
      `state before is ${report.before.state}, expected not-connected`,
    ],
    [
      report.task.status === 'completed',
      `the task ended as ${report.task.status}, expected completed`,
    ],
    [
      report.after.state === 'connected',
      `state after is ${report.after.state}, expected connected`,
    ],
    [report.login.token, 'the gateway issued no token'],
    [
      report.login.groups.includes('admin') && report.login.isAdmin,
      'the gateway did not see the groups of the user',
    ],
    [
      report.rerun.status === 'completed' && report.rerun.writes === 0,
      `the second run ended as ${report.rerun.status} with ${report.rerun.writes} writes, expected none`,
    ],
    [
      report.secrets.hunted > 0 && report.secrets.hits === 0,
      `${report.secrets.hits} secrets leaked`,
    ],
  ];
  return {
    ...shown,
    problems: expectations.flatMap(([holds, problem]) =>
      holds ? [] : [problem],
    ),
  };
}

function secondsSince(time: number): number {
  return Math.round((Date.now() - time) / 100) / 10;
}
