import { conceal, SecretValue } from '../../../core';
import { dataOf } from '../read/composition';
import type { SwitchPlan } from '../plan/planSwitch';
import type { Snapshot } from '../read/snapshot';

/** Variables that hold a secret wherever they are set. */
const SECRET_VARIABLES =
  /^IDP_URI$|SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|KEY/i;

/**
 * Takes every secret of the gateway, the previous and the new, out of a text from the cluster, such as a log line.
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
  // A host or a path of a URL explains a failure, and is no secret by itself.
  const urls = values.filter(isUrl);
  return text => conceal(text, secrets, '<secret>', urls);
}

/** All that Secrets hold, and what is secret of the things that people put elsewhere. */
function storedSecrets(snapshot: Snapshot): string[] {
  return [
    ...Object.values(dataOf(snapshot).secrets).flatMap(data =>
      Object.values(data ?? {}),
    ),
    ...plainEntries(snapshot).flatMap(([name, value]) =>
      SECRET_VARIABLES.test(name) ? [value] : [],
    ),
  ];
}

/** What stands in ConfigMaps and in the container itself. */
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

/** A password as libpq is told it, beside host and user. */
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
