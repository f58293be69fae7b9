import type { IntegrationSummary } from 'backstage-plugin-hoop-authentik-common';

const COLUMNS: Array<[string, (row: IntegrationSummary) => unknown]> = [
  ['gateway', row => row.gateway.name],
  ['title', row => row.gateway.title],
  ['url', row => row.gateway.url],
  ['state', row => row.state ?? 'unobserved'],
  ['warnings', row => row.warnings],
  ['problem', row => row.error ?? row.problem?.title],
  ['entity', row => row.entityRef],
  ['owner', row => row.owner],
  ['authentik', row => row.authentik],
  ['application', row => row.application],
  ['target', row => row.gateway.targetType],
  ['version', row => row.gateway.version],
  ['keyExpiry', row => row.keyExpiry],
  ['since', row => row.since],
  ['checkedAt', row => row.checkedAt],
];

/** Rows as comma-separated values, by RFC 4180; pure. @internal */
export function toCsv(rows: readonly IntegrationSummary[]): string {
  return [
    COLUMNS.map(([name]) => name),
    ...rows.map(row => COLUMNS.map(([, value]) => cell(value(row)))),
  ]
    .map(cells => `${cells.join(',')}\r\n`)
    .join('');
}

function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  // A spreadsheet would run what starts like a formula.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless)
    ? `"${harmless.replace(/"/g, '""')}"`
    : harmless;
}
