import { ForeignTextFormatter } from '../../../core';
import { parseJson } from '../../../http';
import { describePodProblem, PodProblem } from './podProblems';
import type { KubernetesClient } from '../types';

/** A log only explains a failure that is already known, so it must not delay its report for long. */
const LOG_DEADLINE_MS = 5_000;

const LOG_LINES = 50;
const QUOTED_LINES = 3;
const QUOTED_CHARACTERS = 600;

/** Lines of a log that are worth quoting: the gateway logs why it ends at level fatal, in JSON or as text. */
const RELEVANT = /fail|error|fatal|panic|cannot|could not|invalid|missing/i;

const FORMATTER = new ForeignTextFormatter();

interface FailureSource {
  client: KubernetesClient;
  namespace: string;
  /** Makes a text fit for a message: one line, without secrets. */
  redact(text: string): string;
  signal?: AbortSignal;
}

/**
 * Describes a pod's problem with the reason from its container: the termination message, or the last lines of the log.
 * Never throws.
 *
 * @internal
 */
export async function explainPodProblem(
  source: FailureSource,
  problem: PodProblem,
): Promise<string> {
  // The message is also a log where the pod has `terminationMessagePolicy: FallbackToLogsOnError`.
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
  // The reason is in the previous run of a container that was restarted.
  const runs = problem.restartCount > 0 ? [true, false] : [false];
  for (const previous of runs) {
    try {
      const log = await source.client.getPodLog(
        source.namespace,
        problem.pod,
        { container: problem.container, previous, tailLines: LOG_LINES },
        { signal },
      );
      const quoted = quote(log?.read(), source);
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
 * The relevant lines of a text, or its last ones where none is relevant. Redacts before it cuts, because half a secret is
 * not recognised.
 */
function quote(
  text: string | undefined,
  source: Pick<FailureSource, 'redact'>,
): string {
  const lines = (text ?? '')
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  const relevant = lines.filter(line => RELEVANT.test(line));
  const quoted = source.redact(
    FORMATTER.line(
      (relevant.length ? relevant : lines)
        .slice(-QUOTED_LINES)
        .map(messageIn)
        .join(' | '),
    ),
  );
  return quoted.length > QUOTED_CHARACTERS
    ? `…${quoted.slice(-QUOTED_CHARACTERS)}`
    : quoted;
}

/** The message in a line of a JSON log; other lines unchanged. */
function messageIn(line: string): string {
  const { message, msg } = Object(parseJson(line));
  return [message, msg].find(one => typeof one === 'string') ?? line;
}
