import { oneLine, withoutColours } from '../../../core';
import { describePodProblem, PodProblem } from './podProblems';
import type { KubernetesClient } from '../types';

/** A log is asked for to explain a failure that is known already: it may not hold that up for long. */
const LOG_DEADLINE_MS = 5_000;

const LOG_LINES = 50;
const QUOTED_LINES = 3;
const QUOTED_CHARACTERS = 600;

/** Lines of a log that are worth quoting: the gateway logs why it ends at level fatal, in JSON or for a console. */
const TELLING = /fail|error|fatal|panic|cannot|could not|invalid|missing/i;

interface FailureSource {
  client: KubernetesClient;
  namespace: string;
  /** Takes secrets out of a text. */
  redact(text: string): string;
  signal?: AbortSignal;
}

/**
 * A pod's problem in words, with the reason the container gave: its termination message, or the last lines of its log.
 * Never throws: a failure is explained as well as can be.
 *
 * @internal
 */
export async function explainPodProblem(
  source: FailureSource,
  problem: PodProblem,
): Promise<string> {
  // The message is a log as well where the pod has `terminationMessagePolicy: FallbackToLogsOnError`.
  const reason =
    quote(problem.message, source) ||
    (problem.ended ? await lastLogLines(source, problem) : '');
  const description = describePodProblem(problem);
  return reason ? `${description}: ${reason}` : description;
}

async function lastLogLines(
  source: FailureSource,
  problem: PodProblem,
): Promise<string> {
  const deadline = AbortSignal.timeout(LOG_DEADLINE_MS);
  const signal = source.signal
    ? AbortSignal.any([source.signal, deadline])
    : deadline;
  // A container that was started again is still silent: the run before it has the reason.
  const runs = problem.restartCount > 0 ? [true, false] : [false];
  for (const previous of runs) {
    try {
      const log = await source.client.getPodLog(
        source.namespace,
        problem.pod,
        { container: problem.container, previous, tailLines: LOG_LINES },
        { signal },
      );
      const quoted = quote(log, source);
      if (quoted) {
        return quoted;
      }
    } catch {
      return '';
    }
  }
  return '';
}

/**
 * The telling lines of a text, or its last ones where none tells anything. Redacted before it is cut: half a secret
 * would not be recognised.
 */
function quote(
  text: string | undefined,
  source: Pick<FailureSource, 'redact'>,
): string {
  const lines = withoutColours(text ?? '')
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  const telling = lines.filter(line => TELLING.test(line));
  const quoted = oneLine(
    source.redact(
      (telling.length ? telling : lines)
        .slice(-QUOTED_LINES)
        .map(messageIn)
        .join(' | '),
    ),
  );
  return quoted.length > QUOTED_CHARACTERS
    ? `…${quoted.slice(-QUOTED_CHARACTERS)}`
    : quoted;
}

/** What a line of a JSON log says; other lines as they are. */
function messageIn(line: string): string {
  try {
    const { message, msg } = Object(JSON.parse(line));
    return [message, msg].find(one => typeof one === 'string') ?? line;
  } catch {
    return line;
  }
}
