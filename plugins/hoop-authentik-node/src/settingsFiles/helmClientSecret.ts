import { InputError } from '@backstage/errors';
import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import { isWellFormed, type SecretValue } from '../core';

/**
 * What is written for the client secret where a Secret of the cluster carries the real one. Not empty, since the chart
 * refuses to render without a value.
 *
 * @alpha
 */
export const SECRET_PLACEHOLDER = 'set-by-existingSecret';

/** References to a secret, which the tool that renders the chart replaces. */
const REFERENCES = [
  // envsubst, Flux postBuild
  /^\$\{[^{}]+\}$/,
  /^\$[A-Za-z_]\w*$/,
  // helm-secrets, vals
  /^ref\+[a-z]+:\/\//,
  // argocd-vault-plugin
  /^<[^<>]+>$/,
  // helmfile, Jinja and the like
  /^\{\{.*\}\}$/,
];

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
  const clear = isClearSecret(present);
  refuseClearSecret(options, inFile, clear);
  const named = namedSecret(inFile.named);
  refuseOtherSecret(options, inFile, named);
  const isUnset = isAbsent(present) || present === SECRET_PLACEHOLDER;
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
 * Whether a value is a secret that every reader of the file can see, and not a placeholder or a reference to one.
 *
 * @internal
 */
export function isClearSecret(value: unknown): boolean {
  return !(
    isAbsent(value) ||
    (typeof value === 'string' &&
      (value === SECRET_PLACEHOLDER ||
        REFERENCES.some(pattern => pattern.test(value.trim()))))
  );
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

function refuseClearSecret(
  { file, removeClearSecret }: SecretOptions,
  { configPath }: SecretInFile,
  clear: boolean,
): void {
  if (clear && !removeClearSecret) {
    throw new InputError(
      `${file}: ${configPath}.${SECRET_SETTING_KEY} is in clear text. Move it into a Secret, name that Secret with existingSecret, ` +
        'and set removeClearSecret to overwrite it here. It stays in the repository history, so rotate it afterwards.',
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
  if (existingSecret && (clear || isAbsent(present))) {
    return SECRET_PLACEHOLDER;
  }
  return clear ? '' : undefined;
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
