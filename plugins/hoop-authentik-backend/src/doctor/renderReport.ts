import type {
  Check,
  CheckStatus,
  CheckSystem,
  Problem,
} from 'backstage-plugin-hoop-authentik-common';
import type { GatewayReport, Verdict } from './examine';
import { fit, painter, plain, wrap, type Painter, type Style } from './text';

/** @internal */
export interface RenderOptions {
  color: boolean;
  /** Columns of the terminal, or those that prose is broken at. */
  width: number;
  /** Whether what does not fit beside a title is cut: a pipe has no edge and cannot be widened. */
  cut: boolean;
}

const STATUS: Record<CheckStatus, { word: string; style: Style }> = {
  pass: { word: 'pass', style: 'green' },
  warn: { word: 'WARN', style: 'yellow' },
  fail: { word: 'FAIL', style: 'red' },
  unknown: { word: 'UNKNOWN', style: 'magenta' },
  skipped: { word: 'skipped', style: 'dim' },
};

const VERDICT: Record<Verdict, Style> = {
  healthy: 'green',
  failing: 'red',
  unreachable: 'magenta',
  misconfigured: 'magenta',
};

const SYSTEM: Record<CheckSystem, string> = {
  authentik: 'authentik',
  kubernetes: 'Kubernetes',
  gateway: 'Gateway',
  'sign-in': 'Sign-in',
};

const STATUS_WIDTH = 7;
const LABEL_WIDTH = 10;
const INDENT = '  ';
const DETAIL_INDENT = ' '.repeat(INDENT.length + STATUS_WIDTH + 2);

/** What is left for text must be worth reading, however narrow the terminal. */
const LEAST_TEXT = 20;
const LEAST_BESIDE = 8;

const SEPARATOR = ' · ';

/**
 * What people read: each gateway with its problems in full, the worst first and an outage once, then its checks in a line
 * each, and one line that sums it up; pure.
 *
 * @internal
 */
export function renderReport(
  reports: GatewayReport[],
  { color, width, cut }: RenderOptions,
): string {
  const layout = { paint: painter(color), width, cut };
  const { paint } = layout;
  const lines = reports.flatMap(report => [
    ...renderGateway(report, layout),
    '',
  ]);
  return `${[...lines, summaryLine(reports, paint)].join('\n')}\n`;
}

/** How lines are laid out. */
interface Layout extends Pick<RenderOptions, 'width' | 'cut'> {
  paint: Painter;
}

function renderGateway(report: GatewayReport, layout: Layout): string[] {
  const { paint, width } = layout;
  if (!report.integration) {
    return [
      heading(report.name, report.verdict, paint),
      ...wrap(report.error, Math.max(LEAST_TEXT, width - 2)).map(
        line => `${INDENT}${line}`,
      ),
    ];
  }
  const { gateway, authentik, application, problems, checks, state, warnings } =
    report.integration;
  const about = [
    gateway.url,
    `authentik ${authentik.baseUrl}`,
    `application ${application.slug}`,
  ].join(SEPARATOR);
  const found = problems.flatMap(problem =>
    renderProblem(
      problem,
      checks.find(({ id }) => id === problem.id),
      layout,
    ),
  );
  const sections = (Object.keys(SYSTEM) as CheckSystem[]).flatMap(system => {
    const own = checks.filter(check => check.system === system);
    return own.length === 0
      ? []
      : [
          '',
          paint('bold', SYSTEM[system]),
          ...own.map(check => renderCheck(check, layout)),
        ];
  });
  return [
    heading(
      gateway.title === gateway.name
        ? gateway.name
        : `${gateway.title} (${gateway.name})`,
      warnings > 0
        ? `${state}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`
        : state,
      paint,
      VERDICT[report.verdict],
    ),
    ...wrap(about, Math.max(LEAST_TEXT, width)).map(line => paint('dim', line)),
    ...(found.length > 0 ? ['', paint('bold', 'Problems'), ...found] : []),
    ...sections,
  ];
}

function heading(
  title: string,
  state: string,
  paint: Painter,
  style: Style = 'magenta',
): string {
  return `${paint('bold', plain(title))}: ${paint(style, state)}`;
}

/** A problem in full: that of a check with its evidence, a cause with what the system said. */
function renderProblem(
  problem: Problem,
  check: Check | undefined,
  { paint, width }: Layout,
): string[] {
  const { severity, title, error, remedy, checks, link } = problem;
  const details: Array<[label: string, text: string | undefined]> = [
    ['expected', check?.expected],
    ['found', check?.actual],
    ['error', error],
    ['affects', check ? undefined : affected(checks.length)],
    ['remedy', remedy],
    ['see', link],
  ];
  return [
    `${startOf(severity, paint)}${title}`,
    ...details.flatMap(([label, text]) =>
      text ? detail(label, text, paint, width) : [],
    ),
  ];
}

function affected(count: number): string {
  return `${count} ${count === 1 ? 'check' : 'checks'}`;
}

function startOf(status: CheckStatus, paint: Painter): string {
  const { word, style } = STATUS[status];
  return `${INDENT}${paint(style, word.padEnd(STATUS_WIDTH))}  `;
}

function renderCheck(check: Check, { paint, width, cut }: Layout): string {
  const start = startOf(check.status, paint);
  // What a problem has said in full is not repeated; what could not be decided names its cause.
  const note = ['warn', 'fail'].includes(check.status) ? '' : check.actual;
  const room = cut
    ? width - DETAIL_INDENT.length - check.title.length - SEPARATOR.length
    : Infinity;
  return note && room >= LEAST_BESIDE
    ? `${start}${check.title}${paint('dim', `${SEPARATOR}${fit(note, room)}`)}`
    : `${start}${check.title}`;
}

function detail(
  label: string,
  text: string,
  paint: Painter,
  width: number,
): string[] {
  const room = Math.max(LEAST_TEXT, width - DETAIL_INDENT.length - LABEL_WIDTH);
  return wrap(text, room).map((line, index) => {
    const start = index === 0 ? label.padEnd(LABEL_WIDTH) : '';
    return `${DETAIL_INDENT}${paint('dim', start.padEnd(LABEL_WIDTH))}${line}`;
  });
}

function summaryLine(reports: GatewayReport[], paint: Painter): string {
  if (reports.length === 0) {
    return 'No gateway is declared under hoopAuthentik.gateways in app-config.';
  }
  const checks = reports.flatMap(
    ({ integration }) => integration?.checks ?? [],
  );
  const count = (wanted: CheckStatus) =>
    checks.filter(({ status }) => status === wanted).length;
  const counted = (
    [
      ['pass', 'passed'],
      ['warn', 'with a warning'],
      ['fail', 'failed'],
      ['unknown', 'unknown'],
      ['skipped', 'skipped'],
    ] as const
  ).flatMap(([status, words]) =>
    count(status) > 0 ? [`${count(status)} ${words}`] : [],
  );
  const verdicts = (Object.keys(VERDICT) as Verdict[]).flatMap(verdict => {
    const of = reports.filter(report => report.verdict === verdict).length;
    return of > 0 ? [paint(VERDICT[verdict], `${of} ${verdict}`)] : [];
  });
  const gateways = `${reports.length} ${
    reports.length === 1 ? 'gateway' : 'gateways'
  }`;
  return `${paint('bold', gateways)}: ${verdicts.join(', ')}${
    counted.length > 0 ? `. Checks: ${counted.join(', ')}` : ''
  }.`;
}
