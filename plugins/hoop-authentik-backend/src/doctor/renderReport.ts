import type {
  Check,
  CheckStatus,
  CheckSystem,
} from 'backstage-plugin-hoop-authentik-common';
import type { GatewayReport, Verdict } from './examine';
import { fit, painter, plain, wrap, type Painter, type Style } from './text';

/** @internal */
export interface RenderOptions {
  color: boolean;
  /** Columns of the terminal, or those that prose is broken at. */
  width: number;
  /** Whether what does not fit beside a title is cut: a pipe has no edge, and nobody can widen it. */
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
 * What people read: each gateway with its checks, details where something is not as it should be, and one line that sums
 * it up; pure.
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
  const { gateway, authentik, application, checks, state } = report.integration;
  const about = [
    gateway.url,
    `authentik ${authentik.baseUrl}`,
    `application ${application.slug}`,
  ].join(SEPARATOR);
  const causes = new Set<string>();
  const sections = (Object.keys(SYSTEM) as CheckSystem[]).flatMap(system => {
    const own = checks.filter(check => check.system === system);
    return own.length === 0
      ? []
      : [
          '',
          paint('bold', SYSTEM[system]),
          ...own.flatMap(check => renderCheck(check, causes, layout)),
        ];
  });
  return [
    heading(
      gateway.title === gateway.name
        ? gateway.name
        : `${gateway.title} (${gateway.name})`,
      state,
      paint,
      VERDICT[report.verdict],
    ),
    ...wrap(about, Math.max(LEAST_TEXT, width)).map(line => paint('dim', line)),
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

function renderCheck(
  check: Check,
  /** Why something could not be observed, as told before. */
  causes: Set<string>,
  { paint, width, cut }: Layout,
): string[] {
  const { word, style } = STATUS[check.status];
  const start = `${INDENT}${paint(style, word.padEnd(STATUS_WIDTH))}  `;
  const beside = (text: string) => {
    const room = cut
      ? width - DETAIL_INDENT.length - check.title.length - SEPARATOR.length
      : Infinity;
    return text && room >= LEAST_BESIDE
      ? `${start}${check.title}${paint(
          'dim',
          `${SEPARATOR}${fit(text, room)}`,
        )}`
      : `${start}${check.title}`;
  };
  if (check.status === 'pass' || check.status === 'skipped') {
    return [beside(check.actual ?? '')];
  }
  if (check.status === 'unknown') {
    // Where a system is out of reach, every check of it says so: once is enough.
    const cause = causeOf(check.actual ?? '');
    if (causes.has(cause)) {
      return [beside('as above')];
    }
    causes.add(cause);
  }
  return [
    `${start}${check.title}`,
    ...details(check).flatMap(([label, text]) =>
      detail(label, text, paint, width),
    ),
  ];
}

function details({
  expected,
  actual,
  remedy,
  link,
}: Check): Array<[label: string, text: string]> {
  return (
    [
      ['expected', expected],
      ['found', actual],
      ['remedy', remedy],
      ['see', link],
    ] as const
  ).flatMap(([label, text]) => (text ? [[label, text]] : []));
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

/** The same failure, whichever request met it. */
function causeOf(message: string): string {
  return message.replace(/\b(GET|POST) \S+: /g, '');
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
