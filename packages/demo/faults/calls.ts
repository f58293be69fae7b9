import { FAULT_KINDS, type Fault, type FaultKind } from 'sandbox';
import type { RecordedRequest } from 'sandbox';

/** One kind of request that an operation makes. */
export interface Call {
  system: RecordedRequest['system'];
  method: string;
  /** For people. */
  label: string;
  /** Regular expression on path and query. */
  pattern: string;
  isWrite: boolean;
  isWatch: boolean;
}

/** A call of an operation, and what becomes of it. */
export interface Cell {
  call: Call;
  kind: FaultKind;
}

/** As a segment of a path. */
const NUMBER_OR_ID =
  /(?<=\/)(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+)(?=\/|$)/g;

/** The different calls among requests of the portal, each of them once, in the order in which they came. */
export function callsIn(requests: RecordedRequest[]): Call[] {
  const calls = requests.filter(({ from }) => from === undefined).map(callOf);
  return calls.filter(
    ({ label }, index) =>
      calls.findIndex(other => other.label === label) === index,
  );
}

function callOf({ system, method, path }: RecordedRequest): Call {
  const [bare, query = ''] = path.split('?');
  const isDryRun = query.includes('dryRun=All');
  const isWatch = query.includes('watch=true');
  const escaped = bare
    .split(NUMBER_OR_ID)
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[0-9a-f-]+');
  const flag = isWatch ? 'watch=true' : 'dryRun=All';
  const has = isDryRun || isWatch;
  return {
    system,
    method,
    label: [
      system,
      method,
      bare.replace(NUMBER_OR_ID, '…'),
      ...(isDryRun ? ['(dry run)'] : []),
      ...(isWatch ? ['(watch)'] : []),
    ].join(' '),
    pattern: has
      ? `^${escaped}\\?.*${flag}`
      : `^${escaped}(\\?(?!.*${flag})|$)`,
    isWrite:
      ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) &&
      !isDryRun &&
      !/selfsubject|\/application\/o\//.test(bare),
    isWatch,
  };
}

/** Reads are tried three times. */
export function faultOf({ call, kind }: Cell): Fault {
  const { system, method, pattern, isWrite } = call;
  return {
    system,
    method,
    path: pattern,
    from: 'portal',
    kind,
    times: isWrite || kind === 'killed' ? 1 : 3,
  };
}

/** They wait for the deadline of a request, which is 15 seconds. */
const SLOW: readonly FaultKind[] = ['hang', 'slow-drip'];
/** Where the answer is made but does not arrive; that of a watch never ends. */
const CARRIED_OUT: readonly FaultKind[] = [
  'reset-mid-body',
  'slow-drip',
  'lost-answer',
  'killed',
];

/** Every call with every fault. */
export function allCells(calls: readonly Call[]): Cell[] {
  return calls.flatMap(call =>
    FAULT_KINDS.filter(
      kind => !(call.isWatch && CARRIED_OUT.includes(kind)),
    ).map(kind => ({ call, kind })),
  );
}

/**
 * The same few each time: every write is lost, and is the last one of a process; the other quick faults take turns among all
 * calls, half of them in each operation.
 *
 * @param half - which of them: 0 or 1
 */
export function sampleOf(calls: readonly Call[], half: number): Cell[] {
  const others = FAULT_KINDS.filter(
    kind => !SLOW.includes(kind) && !CARRIED_OUT.includes(kind),
  );
  return [
    ...calls
      .filter(({ isWrite }) => isWrite)
      .flatMap(call => [
        { call, kind: 'lost-answer' as const },
        { call, kind: 'killed' as const },
      ]),
    ...others.flatMap((kind, index) =>
      index % 2 === half
        ? [{ call: calls[(index * 7) % calls.length], kind }]
        : [],
    ),
  ];
}
