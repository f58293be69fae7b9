import type {
  Fix,
  Integration,
  Problem,
  RequestKind,
} from 'backstage-plugin-hoop-authentik-common';
import { signInVerdict, type SignInVerdict } from './signInVerdict';

/** What the one button of a card does. @internal */
export type PrimaryAction =
  | { kind: 'fix'; fix: Fix }
  | { kind: 'view-problem' }
  | { kind: 'retry' };

/** What a card says about an integration. @internal */
export interface CardContent {
  verdict: SignInVerdict;
  primary?: PrimaryAction;
  /** Those to list; the rest is only counted. */
  problems: Problem[];
  furtherProblems: number;
  /** Whether it pays to try the commands. */
  showsCommands: boolean;
}

/** However long the list, the card stays short. */
const MOST_PROBLEMS = 3;

/** What to show of an integration, and what to offer; pure. @internal */
export function cardContent(integration: Integration): CardContent {
  const verdict = signInVerdict(integration);
  // There is nothing wrong with a gateway that has never been connected.
  const problems =
    integration.state === 'not-connected'
      ? []
      : groupByText(
          integration.problems.filter(
            problem => !isSaidAlready(integration.state, problem),
          ),
        );
  return {
    verdict,
    primary: primaryAction(integration),
    problems: problems.slice(0, MOST_PROBLEMS),
    furtherProblems: Math.max(0, problems.length - MOST_PROBLEMS),
    showsCommands:
      verdict === 'works' &&
      ['connected', 'drifted'].includes(integration.state),
  };
}

/** Whether the sentence of the card is about this very problem, and its button the fix. */
function isSaidAlready(state: Integration['state'], problem: Problem): boolean {
  return (
    (state === 'connected' && isOpen(problem)) ||
    (state === 'pending' && problem.fix?.action === 'restart')
  );
}

/** Everyone with an account in authentik can sign in; not yet so where bindings only end some day. @internal */
export function isOpen({
  id,
  params,
}: Pick<Problem, 'id' | 'params'>): boolean {
  return id === 'authentik.bindings' && params?.case !== 'ends';
}

/** Failing problems that one run of the repair puts right. @internal */
export function areSettings(problems: readonly Problem[]): boolean {
  return problems
    .filter(({ severity }) => severity === 'fail')
    .every(({ fix }) => fix?.action === 'repair' || fix?.action === 'connect');
}

/** What a viewer who may not change the gateway can ask for: an open gateway lets everyone in already; pure. @internal */
export function requestKindFor({
  state,
  problems,
}: Pick<Integration, 'state' | 'problems'>): RequestKind | undefined {
  if (state === 'not-connected') {
    return 'connect';
  }
  return ['connected', 'drifted'].includes(state) && !problems.some(isOpen)
    ? 'access'
    : undefined;
}

/** How many checks wait for something that could not be observed. @internal */
export function undecidedChecks({ checks }: Integration): number {
  return checks.filter(({ status }) => status === 'unknown').length;
}

function primaryAction({
  state,
  problems,
}: Integration): PrimaryAction | undefined {
  const fixes = problems.flatMap(({ fix, severity }) =>
    fix ? [{ fix, severity }] : [],
  );
  const failing = fixes.filter(({ severity }) => severity === 'fail');
  switch (state) {
    case 'not-connected':
      return { kind: 'fix', fix: { action: 'connect' } };
    case 'pending': {
      const restart = fixes.find(({ fix }) => fix.action === 'restart');
      return restart && { kind: 'fix', fix: restart.fix };
    }
    case 'down':
      return { kind: 'view-problem' };
    case 'unreachable':
      return { kind: 'retry' };
    case 'drifted': {
      const repair = failing.find(({ fix }) =>
        ['repair', 'connect'].includes(fix.action),
      );
      const first = repair ?? failing[0];
      return first
        ? { kind: 'fix', fix: asRepair(first.fix) }
        : { kind: 'view-problem' };
    }
    default:
      return fixes[0] && { kind: 'fix', fix: asRepair(fixes[0].fix) };
  }
}

/** What is connected already is repaired, also where a part of it has to be made anew. */
function asRepair(fix: Fix): Fix {
  return fix.action === 'connect' ? { action: 'repair' } : fix;
}

/** The same text twice has one cause, whatever the ids. */
function groupByText(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ title, error = '', remedy }) => {
    const text = [title, error, remedy].join('\n');
    return !seen.has(text) && seen.add(text);
  });
}
