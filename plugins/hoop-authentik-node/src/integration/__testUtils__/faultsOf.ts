import { isDeepStrictEqual } from 'node:util';
import type {
  Check,
  CheckStatus,
} from 'backstage-plugin-hoop-authentik-common';
import type { CheckDefinition } from '../checks';
import type { ObservedIntegration } from '../types';
import { CLIENT_SECRET, inputWith } from './goodObservation';

/** What a check has to find when one thing of a good observation is changed; texts are searched for in the finding. */
export interface CheckCase {
  when: string;
  change?(observed: ObservedIntegration): void;
  status: CheckStatus;
  expected?: string;
  actual?: string | RegExp;
  remedy?: string | RegExp;
  link?: string;
  cause?: Check['cause'];
  /** Its action, or all of it; null for none. */
  fix?: NonNullable<Check['fix']>['action'] | Check['fix'] | null;
}

type Evidence = 'expected' | 'actual' | 'remedy' | 'cause';

/** Which members a finding must have, by its status. */
const OWED: Record<CheckStatus, Evidence[]> = {
  pass: [],
  warn: ['expected', 'actual', 'remedy'],
  fail: ['expected', 'actual', 'remedy'],
  unknown: ['actual', 'cause'],
  skipped: ['actual'],
};

/** Everything about a finding that is not as the case says, or not as every check owes it to its reader. */
export function faultsOf(check: CheckDefinition, wanted: CheckCase): string[] {
  const finding: Partial<Check> = check.run(inputWith(wanted.change));
  const differing = (['status', 'expected', 'link', 'cause'] as const).filter(
    field => wanted[field] !== undefined && wanted[field] !== finding[field],
  );
  const notSaid = (['actual', 'remedy'] as const).filter(
    field => !contains(finding[field] ?? '', wanted[field] ?? ''),
  );
  const owed = OWED[wanted.status].filter(field => !finding[field]);
  return [
    ...[...differing, ...notSaid].map(
      field => `${field} is ${finding[field]}, not ${wanted[field]}`,
    ),
    ...owed.map(field => `${field} is owed to the reader`),
    ...(isOtherFix(finding.fix, wanted.fix)
      ? [
          `the fix is ${JSON.stringify(finding.fix)}, not ${JSON.stringify(
            wanted.fix,
          )}`,
        ]
      : []),
    ...(finding.remedy && !/^[A-Z].*\.$/.test(finding.remedy)
      ? ['the remedy is no sentence']
      : []),
    ...(!['warn', 'fail'].includes(wanted.status) && finding.remedy
      ? ['there is a remedy where nothing is wrong']
      : []),
    ...(JSON.stringify(finding).includes(CLIENT_SECRET)
      ? ['it shows the client secret']
      : []),
  ];
}

function isOtherFix(found: Check['fix'], wanted: CheckCase['fix']): boolean {
  return typeof wanted === 'string'
    ? found?.action !== wanted
    : wanted !== undefined && !isDeepStrictEqual(found ?? null, wanted);
}

function contains(text: string, part: string | RegExp): boolean {
  return typeof part === 'string' ? text.includes(part) : part.test(text);
}
