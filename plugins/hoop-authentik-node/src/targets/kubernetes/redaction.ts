import { SecretValue } from '../../support';
import { dataOf } from './composition';
import type { SwitchPlan } from './planSwitch';
import type { Snapshot } from './snapshot';

/** Values shorter than this are words like `local`, whose removal would only make a message unreadable. */
const SHORTEST_REDACTED = 6;

/** Variables that hold a secret wherever they are set. */
const SECRET_VARIABLES = ['IDP_CLIENT_SECRET', 'IDP_URI'];

/**
 * Takes every secret of the gateway, the previous and the new, out of a text from the cluster, such as a log line.
 *
 * @internal
 */
export function redactorOf(
  snapshot: Snapshot,
  plan: SwitchPlan | undefined,
): (text: string) => string {
  const secrets = [
    ...new Set([...storedSecrets(snapshot), ...plannedSecrets(plan)]),
  ]
    .flatMap(value => [value, ...passwordIn(value)])
    .filter(value => value.length >= SHORTEST_REDACTED)
    .sort((a, b) => b.length - a.length);
  return text =>
    secrets.reduce(
      (result, secret) => result.replaceAll(secret, '<secret>'),
      text,
    );
}

/** All that Secrets hold, and what is secret of the things that people put elsewhere. */
function storedSecrets(snapshot: Snapshot): string[] {
  const { configMaps, secrets } = dataOf(snapshot);
  return [
    ...Object.values(secrets).flatMap(data => Object.values(data ?? {})),
    ...Object.values(configMaps).flatMap(data =>
      SECRET_VARIABLES.flatMap(name => data?.[name] ?? []),
    ),
    ...(snapshot.container.env ?? []).flatMap(({ name, value }) =>
      SECRET_VARIABLES.includes(name) && value ? [value] : [],
    ),
  ];
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

/** The password of a URL such as `IDP_URI`, as written and decoded. */
function passwordIn(value: string): string[] {
  const password = URL.canParse(value) ? new URL(value).password : '';
  if (!password) {
    return [];
  }
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
