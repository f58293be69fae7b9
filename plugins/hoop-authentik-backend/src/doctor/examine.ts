import { assertError } from '@backstage/errors';
import {
  isCauseId,
  type Integration,
  type Problem,
} from 'backstage-plugin-hoop-authentik-common';
import {
  desiredIntegration,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import {
  type AddedCheck,
  BulkReads,
  integrationReport,
  observeIntegration,
  observeSignIn,
} from 'backstage-plugin-hoop-authentik-node/alpha';

/**
 * How a gateway is: `healthy` nothing fails; `failing` something is known to be wrong; `unreachable` a system could not be
 * observed, and nothing is known to be wrong; `misconfigured` its configuration does not suffice to ask.
 *
 * @internal
 */
export type Verdict = 'healthy' | 'failing' | 'unreachable' | 'misconfigured';

/** What the doctor found of one gateway. @internal */
export type GatewayReport = { name: string; verdict: Verdict } & (
  | { integration: Omit<Integration, 'entityRef'>; error?: undefined }
  | { error: string; integration?: undefined }
);

/** @internal */
export interface ExamineOptions {
  signIn: boolean;
  /** Checks of third parties, beside those of the plugins. */
  addedChecks?: readonly AddedCheck[];
}

/** So many that a slow system holds up few others, and so few that no request waits past its deadline. */
const AT_ONCE = 16;

/**
 * Observes gateways, many in parallel, and runs every check. A gateway that cannot be asked is reported, not thrown: one
 * that is mistyped does not keep the others from being checked.
 *
 * @throws NotFoundError naming the gateways that are configured, where none of those asked for is
 * @internal
 */
export async function examine(
  service: HoopAuthentikService,
  gateways: string[],
  options: ExamineOptions,
): Promise<GatewayReport[]> {
  const known = service.gatewayNames();
  const [first] = gateways;
  if (first !== undefined && !gateways.some(name => known.includes(name))) {
    service.getGateway(first);
  }
  const names = gateways.length > 0 ? gateways : known;
  const reports: GatewayReport[] = [];
  // Gateways in one namespace share what is read of it.
  const bulk = names.length > 1 ? new BulkReads() : undefined;
  const left = [...names.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, name] = next;
      reports[index] = await examineOne(service, name, { ...options, bulk });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return reports;
}

async function examineOne(
  service: HoopAuthentikService,
  name: string,
  options: ExamineOptions & { bulk: BulkReads | undefined },
): Promise<GatewayReport> {
  try {
    const { config, authentik, systems } = service.getGateway(name);
    const desired = desiredIntegration(config, authentik);
    const observed = await observeIntegration(systems, desired, {
      loginUrl: options.signIn,
      bulk: options.bulk,
    });
    const { entityRef: _, ...integration } = integrationReport(
      '',
      { gateway: config, authentik },
      desired,
      options.signIn ? await observeSignIn(systems, observed) : observed,
      options.addedChecks,
    );
    return { name, verdict: verdictOf(integration), integration };
  } catch (error) {
    assertError(error);
    return { name, verdict: 'misconfigured', error: error.message };
  }
}

/** Warnings are healthy, and what is known to be wrong is not hidden by what could not be observed. */
function verdictOf({ problems }: Pick<Integration, 'problems'>): Verdict {
  if (
    problems.some(
      ({ id, severity }) =>
        severity === 'fail' && (!isCauseId(id) || id === 'gateway.down'),
    )
  ) {
    return 'failing';
  }
  return problems.some(isOutage) ? 'unreachable' : 'healthy';
}

/** Whether it kept something from being observed that matters. */
function isOutage({ id, severity }: Problem): boolean {
  return isCauseId(id) && severity !== 'warn';
}

/** The exit code of the doctor for what it found; pure. @internal */
export function exitCodeOf(reports: GatewayReport[]): 0 | 1 | 2 {
  const isIncomplete = ({ integration }: GatewayReport) =>
    !integration || integration.problems.some(isOutage);
  if (reports.length === 0 || reports.some(isIncomplete)) {
    return 2;
  }
  return reports.some(({ verdict }) => verdict === 'failing') ? 1 : 0;
}
