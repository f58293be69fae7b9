import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import { describeValue, type PlanLine, type SecretValue } from '../core';
import { SECRET_PLACEHOLDER, isClearSecret } from './helmReferences';
import { parseYaml } from './parseYaml';
import { setYamlText, valueAt } from './setYamlText';
import type { FilePatch, OpenSettings } from './types';
import { refuseUnprintable } from './values';

/**
 * What a values file is to carry.
 *
 * @public
 */
export interface HelmValuesOptions {
  /** Name of the file, for messages. */
  file: string;
  settings: OpenSettings;
  /** Keys that lead to the chart's `config`, joined by dots: `config`, or `hoop-chart.config` for the wrapper chart. */
  configPath?: string;
  /** Name of the Secret that carries the client secret; set beside `config`. Default: the one that the file names. */
  existingSecret?: string;
  /** Name `existingSecret` although the file names another one, instead of refusing. */
  replaceExistingSecret?: boolean;
  /** Overwrite a client secret that stands in the file for everybody to read, instead of refusing. */
  removeClearSecret?: boolean;
  /** Never shown, should it stand under the key of another setting. */
  clientSecret?: SecretValue;
}

/**
 * What became of a values file.
 *
 * @public
 */
export interface HelmValuesPatch extends FilePatch {
  /** Name of the Secret that has to carry the client secret; none where that is left to whatever renders the chart. */
  existingSecret: string | undefined;
}

interface Wanted {
  path: string[];
  value: string;
}

const EXISTING_SECRET = 'existingSecret';
const IDP_URI = 'IDP_URI';

/** Shorter ones would be found by chance. */
const SHORTEST_SECRET = 8;

/** RFC 1123 subdomain, as Kubernetes asks of object names. */
const OBJECT_NAME =
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Sets the gateway's settings in a values file of the chart `hoop-chart`; pure. Bytes that do not belong to one of them
 * stay as they are.
 *
 * The layout follows from how the chart renders its values:
 *
 * - `IDP_ISSUER`, `IDP_CLIENT_ID`, `IDP_GROUPS_CLAIM` reach the gateway only while `config.IDP_ISSUER` is set, so all open
 *   settings stand together in `config`, where a pull request shows them and a change of them rolls the pods.
 * - With `config.IDP_ISSUER` set the chart refuses to render without `config.IDP_CLIENT_SECRET`. The secret must not stand
 *   in a repository, so a placeholder does; the Secret named by `existingSecret` comes later in `envFrom` and wins. While
 *   that Secret does not exist, no container starts.
 * - Leaving the issuer to the Secret as well would render, too. But then its author has to type the issuer to the byte,
 *   and each key forgotten keeps the gateway from starting. A Secret that carries all five keys is fine all the same.
 * - The chart takes one `existingSecret`, and the gateway may need what is in the one that the file names: that is kept,
 *   and put in another's place only when told to.
 * - Where no Secret is named at all, or a reference stands for the client secret, that is left to whatever fills it in when
 *   the chart is rendered.
 *
 * @throws InputError for a file that cannot be read or edited safely, that holds the client secret in clear, that names
 *   another `existingSecret`, or in which `IDP_URI` would win over the settings
 * @public
 */
export function patchHelmValues(
  text: string,
  options: HelmValuesOptions,
): HelmValuesPatch {
  const { file, configPath: joined = 'config' } = options;
  const configPath = joined.split('.');
  if (configPath.some(key => key.trim() === '')) {
    throw new InputError(
      `Expected the path of the chart's config as keys joined by dots, such as hoop-chart.config; found "${joined}".`,
    );
  }
  validate(options);
  const before = parseYaml(file, text).data;
  refuseEncrypted(file, before);
  const config = valueAt(before, configPath);
  refuseIdpUri(file, joined, config);
  const presentSecret = valueAt(config, [SECRET_SETTING_KEY]);
  const clear = isClearSecret(presentSecret);
  refuseClearSecret(options, joined, clear);
  const secretPath = [...configPath.slice(0, -1), EXISTING_SECRET];
  const named = namedSecret(valueAt(before, secretPath));
  refuseOtherSecret(options, secretPath, named);
  const existingSecret =
    options.existingSecret ??
    (clear || isWithoutValue(presentSecret) ? named : undefined);

  const wanted: Wanted[] = [
    ...Object.entries(options.settings).map(([key, value]) => ({
      path: [...configPath, key],
      value,
    })),
    ...secretSetting(existingSecret, presentSecret, clear).map(value => ({
      path: [...configPath, SECRET_SETTING_KEY],
      value,
    })),
    ...(existingSecret ? [{ path: secretPath, value: existingSecret }] : []),
  ];
  const missing = wanted.filter(
    ({ path, value }) => valueAt(before, path) !== value,
  );
  const after = missing.reduce(
    (edited, { path, value }) => setYamlText(file, edited, path, value),
    text,
  );
  proveEdit(file, before, missing, after);
  refuseRemainingSecret(file, after, [
    ...(clear ? [String(presentSecret)] : []),
    ...(options.clientSecret ? [options.clientSecret.reveal()] : []),
  ]);
  return {
    text: after,
    changes: missing.map(line => planLine(before, line, options)),
    notes: [
      ...notesFor(file, joined, existingSecret, presentSecret, clear),
      ...(named !== undefined && existingSecret && named !== existingSecret
        ? [
            `The gateway no longer reads the Secret "${named}". What it needs of that has to be in "${existingSecret}" as well.`,
          ]
        : []),
    ],
    existingSecret,
  };
}

function validate({ settings, existingSecret }: HelmValuesOptions): void {
  for (const [key, value] of Object.entries(settings)) {
    refuseUnprintable(key, value);
    if (value.includes("'")) {
      throw new InputError(
        `The value for ${key} holds a single quote ('), with which the chart's templates cannot be rendered. Correct it where it comes from.`,
      );
    }
  }
  if (existingSecret !== undefined && !OBJECT_NAME.test(existingSecret)) {
    throw new InputError(
      `Expected the name of a Kubernetes Secret for existingSecret: lower case letters, digits, "-" and "."; found "${existingSecret}".`,
    );
  }
}

function refuseEncrypted(file: string, data: unknown): void {
  if (valueAt(data, ['sops', 'mac']) !== undefined) {
    throw new InputError(
      `${file} is encrypted and sealed by SOPS: any edit breaks its seal. Keep the settings in a values file that is not encrypted, or edit this one with sops.`,
    );
  }
}

function refuseIdpUri(file: string, configPath: string, config: unknown): void {
  const uri = valueAt(config, [IDP_URI]);
  if (uri !== undefined && uri !== null && uri !== '') {
    throw new InputError(
      `${file}: ${configPath}.${IDP_URI} is set, and the gateway uses it instead of the separate settings. Remove it, then run the task again.`,
    );
  }
}

function refuseClearSecret(
  { file, removeClearSecret }: HelmValuesOptions,
  configPath: string,
  clear: boolean,
): void {
  if (clear && !removeClearSecret) {
    throw new InputError(
      `${file}: ${configPath}.${SECRET_SETTING_KEY} stands in the file for everybody to read. Move it into a Secret and name that with existingSecret, ` +
        'and set removeClearSecret to overwrite it here. It stays in the history of the repository, so rotate it afterwards.',
    );
  }
}

/** A gateway that loses the rest of its environment does not start. */
function refuseOtherSecret(
  {
    file,
    existingSecret,
    replaceExistingSecret,
    clientSecret,
  }: HelmValuesOptions,
  path: string[],
  named: string | undefined,
): void {
  if (
    existingSecret &&
    named !== undefined &&
    named !== existingSecret &&
    !replaceExistingSecret
  ) {
    const shown = clientSecret?.equals(named) ? '<secret>' : `"${named}"`;
    throw new InputError(
      `${file}: ${path.join(
        '.',
      )} is ${shown} already. The chart takes one, and the gateway would lose everything else that it reads from there. ` +
        `Put ${SECRET_SETTING_KEY} into that Secret and name it as existingSecret, or leave existingSecret empty. ` +
        'Where the gateway needs nothing else from it, set replaceExistingSecret: true.',
    );
  }
}

/** The name that stands in the file, as text; none where it is empty. */
function namedSecret(found: unknown): string | undefined {
  if (isAbsent(found)) {
    return undefined;
  }
  return typeof found === 'string' ? found : JSON.stringify(found);
}

/** Whether nothing but a placeholder stands for the client secret, and no reference. */
function isWithoutValue(presentSecret: unknown): boolean {
  return isAbsent(presentSecret) || presentSecret === SECRET_PLACEHOLDER;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** It may have come through a merge key, or stand under another key. */
function refuseRemainingSecret(
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
      `${file}: the client secret stands in the file for everybody to read, in another place than ${SECRET_SETTING_KEY} of the chart's config. Remove it there, then run the task again.`,
    );
  }
}

/** What is to stand for the client secret; none where that is left alone. */
function secretSetting(
  existingSecret: string | undefined,
  present: unknown,
  clear: boolean,
): string[] {
  if (existingSecret && (clear || isAbsent(present))) {
    return [SECRET_PLACEHOLDER];
  }
  return clear ? [''] : [];
}

function planLine(
  before: unknown,
  { path, value }: Wanted,
  { file, clientSecret }: HelmValuesOptions,
): PlanLine {
  const found = valueAt(before, path);
  const isSecret =
    path.at(-1) === SECRET_SETTING_KEY ||
    clientSecret?.equals(String(found ?? ''));
  return {
    object: file,
    field: path.join('.'),
    from: isSecret && isClearSecret(found) ? '<secret>' : describeValue(found),
    to: describeValue(value),
  };
}

function notesFor(
  file: string,
  configPath: string,
  existingSecret: string | undefined,
  presentSecret: unknown,
  clear: boolean,
): string[] {
  return [
    ...(existingSecret
      ? [
          `The Secret "${existingSecret}" has to be in the gateway's namespace, with the client secret of the application under ${SECRET_SETTING_KEY}, before the chart is rolled out. ` +
            'Keys it carries win over those of the file. The chart knows existingSecret from 1.126.2 on.',
        ]
      : []),
    ...(!existingSecret && (clear || isWithoutValue(presentSecret))
      ? [
          `The chart renders only where ${configPath}.${SECRET_SETTING_KEY} is set, and the gateway needs the real one: give existingSecret, or the secret to whatever renders the chart.`,
        ]
      : []),
    ...(clear
      ? [
          `The client secret that stood in ${file} is in the history of the repository: rotate it.`,
        ]
      : []),
  ];
}

/** Nothing is handed out that does not read as it should: a file too unusual to edit is left to people. */
function proveEdit(
  file: string,
  before: unknown,
  missing: Wanted[],
  text: string,
): void {
  const expected = missing.reduce(withValue, before);
  if (!isDeepStrictEqual(parseYaml(file, text).data, expected)) {
    throw new InputError(
      `${file} is written in a way that cannot be edited without changing something else. Set ${missing
        .map(({ path }) => path.join('.'))
        .join(', ')} by hand.`,
    );
  }
}

function withValue(data: unknown, { path, value }: Wanted): unknown {
  const [key, ...rest] = path;
  const entries =
    typeof data === 'object' && data !== null ? Object.entries(data) : [];
  return {
    ...Object.fromEntries(entries),
    [key]:
      rest.length === 0
        ? value
        : withValue(valueAt(data, [key]), { path: rest, value }),
  };
}
