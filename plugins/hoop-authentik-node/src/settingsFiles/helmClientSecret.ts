import { InputError } from '@backstage/errors';
import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import {
  isWellFormed,
  secretFormOf,
  type SecretForm,
  type SecretValue,
} from '../core';

/**
 * What is written for the client secret where a Secret of the cluster carries the real one. Not empty, since the chart
 * refuses to render without a value.
 *
 * @alpha
 */
export const SECRET_PLACEHOLDER = 'set-by-existingSecret';

/** Shorter ones would be found by chance. */
const SHORTEST_SECRET = 8;

/** The options that concern the client secret. */
interface SecretOptions {
  file: string;
  existingSecret?: string;
  replaceExistingSecret?: boolean;
  removeClearSecret?: boolean;
  clientSecret?: SecretValue;
}

/** Where the client secret is expected in the file, and what the file has there. @internal */
export interface SecretInFile {
  /** Path of the chart's config, joined by dots. */
  configPath: string;
  /** Path of `existingSecret`, joined by dots. */
  secretPath: string;
  /** The value of the client secret's key. */
  present: unknown;
  /** The value of `existingSecret`. */
  named: unknown;
}

/** How the client secret reaches the gateway. @internal */
export interface SecretPlan {
  existingSecret: string | undefined;
  /** What to write under the client secret's key; `undefined` leaves it alone. */
  setting: string | undefined;
  /** Whether the file has the client secret in clear text. */
  clear: boolean;
  notes: string[];
}

/**
 * Decides what a values file says about the client secret.
 *
 * @throws InputError where the file has it in clear text, or names another `existingSecret`
 * @internal
 */
export function planClientSecret(
  options: SecretOptions,
  inFile: SecretInFile,
): SecretPlan {
  const { present } = inFile;
  const form = formInFile(present, options.clientSecret);
  const clear = form === 'value';
  const isUnset = form === 'absent';
  const named = namedSecret(inFile.named);
  if (clear) {
    refuseClearSecret(options, inFile, named);
  }
  refuseOtherSecret(options, inFile, named);
  const existingSecret =
    options.existingSecret ?? (clear || isUnset ? named : undefined);
  return {
    existingSecret,
    setting: settingFor(existingSecret, present, clear),
    clear,
    notes: [
      ...notesFor(options, inFile, existingSecret, { clear, isUnset }),
      ...(named !== undefined && existingSecret && named !== existingSecret
        ? [
            `The gateway no longer reads the Secret ${shownName(
              options,
              named,
            )}. Copy every key that it needs from there to "${existingSecret}".`,
          ]
        : []),
    ],
  };
}

/**
 * What a file has under the client secret's key; the placeholder counts as absent.
 *
 * @internal
 */
export function formInFile(
  value: unknown,
  clientSecret: SecretValue | undefined,
): SecretForm {
  return value === SECRET_PLACEHOLDER
    ? 'absent'
    : secretFormOf(value, clientSecret);
}

/**
 * Refuses a file that still has a secret in clear text: through a merge key, or under another key.
 *
 * @throws InputError without the secret
 * @internal
 */
export function refuseRemainingSecret(
  file: string,
  text: string,
  secrets: string[],
): void {
  if (
    secrets.some(
      secret => secret.length >= SHORTEST_SECRET && text.includes(secret),
    )
  ) {
    throw new InputError(
      `${file} contains the client secret in clear text in another place than ${SECRET_SETTING_KEY} of the chart's config. Remove it there, then run the task again.`,
    );
  }
}

/** Never emptied: the chart would not render, and what only looks like a value may be a reference to one. */
function refuseClearSecret(
  { file, existingSecret, removeClearSecret, clientSecret }: SecretOptions,
  { configPath, present }: SecretInFile,
  named: string | undefined,
): void {
  const place = `${file}: ${configPath}.${SECRET_SETTING_KEY}`;
  const found =
    typeof present === 'string' && clientSecret?.equals(present)
      ? 'is the client secret in clear text'
      : 'looks like a value, and not like a reference to one';
  if (!removeClearSecret) {
    throw new InputError(
      `${place} ${found}. Move it into a Secret, name that Secret with existingSecret, ` +
        'and set removeClearSecret to overwrite it here. It stays in the repository history, so rotate it afterwards.',
    );
  }
  if (!(existingSecret ?? named)) {
    throw new InputError(
      `${place} ${found}, and removeClearSecret needs a Secret to replace it. Name one with existingSecret, or replace the value by a reference by hand.`,
    );
  }
}

/** A gateway that loses the rest of its environment does not start. */
function refuseOtherSecret(
  options: SecretOptions,
  { secretPath }: SecretInFile,
  named: string | undefined,
): void {
  const { file, existingSecret, replaceExistingSecret } = options;
  if (
    existingSecret &&
    named !== undefined &&
    named !== existingSecret &&
    !replaceExistingSecret
  ) {
    throw new InputError(
      `${file}: ${secretPath} is already ${shownName(
        options,
        named,
      )}. The chart takes one Secret, and the gateway would lose everything else that it reads from this one. ` +
        `Put ${SECRET_SETTING_KEY} into that Secret and name it as existingSecret, or leave existingSecret empty. ` +
        'If the gateway needs nothing else from it, set replaceExistingSecret: true.',
    );
  }
}

/** The name in the file as text; `undefined` where it is empty. */
function namedSecret(found: unknown): string | undefined {
  if (isAbsent(found)) {
    return undefined;
  }
  return typeof found === 'string' ? found : JSON.stringify(found);
}

/** Whether a name may be shown: the client secret may be in its place. @internal */
export function isSecretName(
  { existingSecret, clientSecret }: SecretOptions,
  name: string,
): boolean {
  return (
    !clientSecret?.equals(name) &&
    (name === existingSecret || isWellFormed('existingSecret', name))
  );
}

function shownName(options: SecretOptions, name: string): string {
  return isSecretName(options, name) ? `"${name}"` : '<secret>';
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function settingFor(
  existingSecret: string | undefined,
  present: unknown,
  clear: boolean,
): string | undefined {
  return existingSecret && (clear || isAbsent(present))
    ? SECRET_PLACEHOLDER
    : undefined;
}

function notesFor(
  options: SecretOptions,
  { configPath }: SecretInFile,
  existingSecret: string | undefined,
  { clear, isUnset }: { clear: boolean; isUnset: boolean },
): string[] {
  return [
    ...(existingSecret
      ? [
          `The Secret ${shownName(
            options,
            existingSecret,
          )} must exist in the gateway's namespace, with the application's client secret under ${SECRET_SETTING_KEY}, before you roll out the chart. ` +
            'Its keys override those of the file. The chart supports existingSecret from version 1.126.2.',
        ]
      : []),
    ...(!existingSecret && (clear || isUnset)
      ? [
          `The chart renders only with ${configPath}.${SECRET_SETTING_KEY} set, and the gateway needs the real client secret. Set existingSecret, or pass the secret to the tool that renders the chart.`,
        ]
      : []),
    ...(clear
      ? [
          `The client secret that was in ${options.file} is in the repository history. Rotate it.`,
        ]
      : []),
  ];
}
