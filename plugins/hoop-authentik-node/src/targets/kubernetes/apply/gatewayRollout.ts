import type { KubernetesTargetConfig } from '../../../config/types';
import {
  waitForRollout,
  type KubernetesClient,
  type WaitForRolloutOptions,
} from '../../../systems/kubernetes';
import {
  ForeignTextFormatter,
  isWellFormed,
  reasonOf,
  SecretValue,
} from '../../../core';
import { GATEWAY_VARIABLES } from '../../../systems/hoop';
import type { TargetWriteOptions } from '../../types';
import { type Patience } from '../../wayBack';
import type { SwitchPlan } from '../plan/switchPlan';
import { dataOf, type Snapshot } from '../read/objects';

/** A gateway as it was read, with what is needed to change it. @internal */
export interface GatewayInCluster {
  client: KubernetesClient;
  config: KubernetesTargetConfig;
  snapshot: Snapshot;
  /** Whether it serves, which the cluster does not show. */
  answers: (signal: AbortSignal) => Promise<boolean>;
  /** How writes are retried; default {@link DEFAULT_PATIENCE}. */
  patience?: Patience;
}

/** Where a rollout begins: when the change was made, and the Deployment that the write returned. @internal */
export type RolloutStart = Required<Pick<WaitForRolloutOptions, 'since'>> &
  Pick<WaitForRolloutOptions, 'from' | 'begun'>;

/**
 * Waits until the gateway runs and answers.
 *
 * @param plan - which settings it was given, so that no secret of them is shown
 * @returns the reason why the rollout failed, or `undefined` when it is complete
 * @internal
 */
export async function waitForGateway(
  { client, config, snapshot, answers }: GatewayInCluster,
  start: RolloutStart,
  { log, signal }: TargetWriteOptions,
  plan?: SwitchPlan,
  timeoutMs = config.rolloutTimeoutMs,
): Promise<string | undefined> {
  const result = await waitForRollout({
    client,
    namespace: config.namespace,
    deployment: config.deployment,
    container: snapshot.container.name,
    timeoutMs,
    onProgress: line => log(`Rollout: ${line}`),
    redact: redactorOf(snapshot, plan),
    signal,
    ...start,
    confirm: answers,
    silence:
      'a gateway that signs people in with OpenID opens no port until its issuer has answered, however long that takes, so check that the issuer (IDP_ISSUER) answers from inside the cluster',
  });
  return result.ok ? undefined : reasonOf(result.reason);
}

/** Variables that hold a secret wherever they are set. */
const SECRET_VARIABLES =
  /^IDP_URI$|SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|KEY/i;

const SETTING_VARIABLES: readonly string[] = [
  ...GATEWAY_VARIABLES,
  'ADMIN_USERNAME',
];

/**
 * Redacts every secret of the gateway, previous and new, in a text from the cluster, such as a log line.
 *
 * @internal
 */
export function redactorOf(
  snapshot: Snapshot,
  plan: SwitchPlan | undefined,
): (text: string) => string {
  const values = [...storedSecrets(snapshot), ...plannedSecrets(plan)];
  const isUrl = (value: string) => URL.canParse(value);
  const secrets = [
    ...values.filter(value => !isUrl(value)),
    ...[...values, ...plainValues(snapshot)].flatMap(passwordsIn),
  ];
  // The host or path of a URL explains a failure and is no secret.
  const urls = values.filter(isUrl);
  const formatter = new ForeignTextFormatter({
    values: secrets,
    whole: urls,
    placeholder: '<secret>',
  });
  return text => formatter.line(text);
}

/** Everything in Secrets, and secrets that people put elsewhere. */
function storedSecrets(snapshot: Snapshot): string[] {
  return [
    ...Object.values(dataOf(snapshot).secrets).flatMap(data =>
      Object.values(data ?? {}),
    ),
    ...plainEntries(snapshot).flatMap(([name, value]) =>
      SECRET_VARIABLES.test(name) || isMisplaced(name, value) ? [value] : [],
    ),
  ];
}

/** A setting that is not what it should be may be a secret, and gateways log what they do not accept. */
function isMisplaced(name: string, value: string): boolean {
  return SETTING_VARIABLES.includes(name) && !isWellFormed(name, value);
}

/** Variables in ConfigMaps and in the container itself. */
function plainEntries(snapshot: Snapshot): Array<[string, string]> {
  return [
    ...Object.values(dataOf(snapshot).configMaps).flatMap(data =>
      Object.entries(data ?? {}),
    ),
    ...(snapshot.container.env ?? []).flatMap(
      ({ name, value }): Array<[string, string]> =>
        value ? [[name, value]] : [],
    ),
  ];
}

function plainValues(snapshot: Snapshot): string[] {
  return plainEntries(snapshot).map(([, value]) => value);
}

function plannedSecrets(plan: SwitchPlan | undefined): string[] {
  return (plan?.steps ?? [])
    .flatMap(step =>
      step.type === 'object'
        ? [
            ...Object.values(step.change.data),
            ...Object.values(step.change.before),
          ]
        : [],
    )
    .flatMap(value => (value instanceof SecretValue ? [value.reveal()] : []));
}

/** A password in a libpq connection string. */
const PASSWORD_WORD = /\bpassword=(?:'([^']*)'|(\S+))/i;

/** The password of a URL such as `IDP_URI` or that of a database, as written and decoded, or of a connection string. */
function passwordsIn(value: string): string[] {
  const password = URL.canParse(value) ? new URL(value).password : '';
  if (!password) {
    const [, quoted, bare] = PASSWORD_WORD.exec(value) ?? [];
    return [quoted ?? bare ?? ''];
  }
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
