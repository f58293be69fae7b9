import type { Json } from '../../json';
import { isJsonObject } from '../../json';
import { shapeProblems, valueProblems } from '../../replay/compare';
import type { Replayed } from '../../replay/differences';
import type { Recording } from '../../replay/exchange';
import { GATEWAY_RULES } from './compareAnswers';
import { Stage } from './stage';

/** One boot that really happened. @internal */
export interface Boot {
  title: string;
  env: Record<string, string>;
  /** `null` where the gateway came up, or went on waiting. */
  exitCode: number | null;
  /** The line that says why it ended. */
  end: string;
  provider?: string;
  requestsToIssuer: number;
  answers?: Record<string, { status: number; body: Json }>;
}

const PATHS: Record<string, string> = {
  healthz: 'healthz',
  publicserverinfo: 'publicserverinfo',
  login: 'login',
  callback: 'callback?state=82db25e8-a0c4-4fd0-abb5-a0b329ff0bad',
  serverinfo: 'serverinfo',
};

/** Boots that hang do not end; a while is long enough to see it. */
const patienceMs = 1_500;

function pathOf(apiUrl: string): string {
  const path = /^https?:\/\/[^/?]+([^?]*)/i.exec(apiUrl)?.[1] ?? '';
  return path.replace(/\/+$/, '');
}

async function replayBoot(stage: Stage, boot: Boot): Promise<string[]> {
  const { gateway, provider } = stage;
  stage.restore();
  if (boot.provider) stage.break(boot.provider);
  stage.store(boot.title);
  const env = Object.fromEntries(
    Object.entries(boot.env).map(([name, value]) => [
      name,
      stage
        .here(value)
        .replace('<org>', gateway.database.organization.id)
        .replace(/<client_secret:\d+>/, 'client-secret'),
    ]),
  );
  const ended = await Promise.race([
    gateway.boot(env),
    new Promise<undefined>(resolve => {
      setTimeout(() => resolve(undefined), patienceMs);
    }),
  ]);
  const problems: string[] = [];
  const code = ended?.exit?.code ?? null;
  if (code !== boot.exitCode) {
    return [
      `exit ${boot.exitCode} became ${code} ${ended?.logs.slice(-1) ?? ''}`,
    ];
  }
  if (provider.hits.length !== boot.requestsToIssuer) {
    problems.push(
      `${boot.requestsToIssuer} requests to the issuer became ${provider.hits.length}`,
    );
  }
  const [last = ''] = gateway.messages().slice(-1);
  const end = stage.recorded(last);
  const wanted = boot.end.replace(' on <resolver>:53', '');
  if (boot.exitCode !== null && end !== wanted) {
    problems.push(`end ${boot.end} became ${end}`);
  }
  for (const [name, answer] of Object.entries(boot.answers ?? {})) {
    const reply = await gateway.call<Json>(
      'GET',
      `${pathOf(boot.env.API_URL ?? '')}/api/${PATHS[name]}`,
    );
    if (reply.status !== answer.status) {
      problems.push(`${name}: status ${answer.status} became ${reply.status}`);
    } else if (isJsonObject(answer.body)) {
      const body = stage.recorded(reply.body);
      problems.push(
        ...shapeProblems(answer.body, body, name),
        ...valueProblems(answer.body, body, GATEWAY_RULES, name),
      );
    }
  }
  return problems;
}

/** Boots the stand-in in every recorded environment. @internal */
export async function replayBoots(
  recording: Recording<Boot>,
): Promise<Replayed[]> {
  const results: Replayed[] = [];
  await Stage.with(async stage => {
    for (const boot of recording.exchanges) {
      results.push({
        scenario: recording.scenario,
        title: boot.title,
        problems: await replayBoot(stage, boot),
      });
    }
  });
  return results;
}
