import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import {
  asFound,
  describeValue,
  isObjectName,
  type PlanLine,
  type SecretValue,
  shownSetting,
} from '../core';
import {
  refuseUnprintable,
  type FilePatch,
  type OpenSettings,
} from './filePatch';
import {
  isClearSecret,
  isSecretName,
  planClientSecret,
  refuseRemainingSecret,
} from './helmClientSecret';
import { parseYaml, valueAt } from './parseYaml';
import { setYamlText } from './setYamlText';

/**
 * What a values file must contain.
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
  /** Replace another `existingSecret` that the file names, instead of refusing. */
  replaceExistingSecret?: boolean;
  /** Overwrite a client secret in clear text, instead of refusing. */
  removeClearSecret?: boolean;
  /** Never shown, even where it is stored under the key of another setting. */
  clientSecret?: SecretValue;
}

/**
 * The result of editing a values file.
 *
 * @public
 */
export interface HelmValuesPatch extends FilePatch {
  /**
   * Name of the Secret that must carry the client secret; `undefined` where the tool that renders the chart supplies it, or
   * what the file has is no name.
   */
  existingSecret: string | undefined;
}

interface Wanted {
  path: string[];
  value: string;
}

const EXISTING_SECRET = 'existingSecret';
const IDP_URI = 'IDP_URI';

/**
 * Sets the gateway's settings in a values file of the chart `hoop-chart`; pure. Every byte that does not belong to a
 * setting stays.
 *
 * The layout follows from how the chart renders its values:
 *
 * - `IDP_ISSUER`, `IDP_CLIENT_ID`, `IDP_GROUPS_CLAIM` reach the gateway only while `config.IDP_ISSUER` is set. So all open
 *   settings are in `config`, where a pull request shows them and a change of them rolls the pods.
 * - With `config.IDP_ISSUER` set the chart refuses to render without `config.IDP_CLIENT_SECRET`. The secret must not be in
 *   a repository, so a placeholder is; the Secret named by `existingSecret` comes later in `envFrom` and overrides it.
 *   While that Secret does not exist, no container starts.
 * - The issuer could be left to the Secret as well. But then its author has to type it byte for byte, and a forgotten key
 *   keeps the gateway from starting. A Secret that carries all five keys works too.
 * - The chart takes one `existingSecret`, and the gateway may need what the one in the file carries: that one is kept, and
 *   replaced only on request.
 * - Where no Secret is named, or the client secret is a reference, the tool that renders the chart supplies it.
 *
 * @throws InputError for a file that cannot be parsed or edited safely, that has the client secret in clear text, that
 *   names another `existingSecret`, or in which `IDP_URI` would override the settings
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
  const secretPath = [...configPath.slice(0, -1), EXISTING_SECRET];
  const present = valueAt(config, [SECRET_SETTING_KEY]);
  const { existingSecret, setting, clear, notes } = planClientSecret(options, {
    configPath: joined,
    secretPath: secretPath.join('.'),
    present,
    named: valueAt(before, secretPath),
  });

  const values = {
    ...asFound(options.settings, key => textAt(config, key)),
    ...(setting !== undefined && { [SECRET_SETTING_KEY]: setting }),
  };
  const wanted: Wanted[] = [
    ...Object.entries(values).map(([key, value]) => ({
      path: [...configPath, key],
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
    ...(clear ? [String(present)] : []),
    ...(options.clientSecret ? [options.clientSecret.reveal()] : []),
  ]);
  return {
    text: after,
    changes: missing.map(line => planLine(before, line, options)),
    notes,
    existingSecret:
      existingSecret && isSecretName(options, existingSecret)
        ? existingSecret
        : undefined,
  };
}

function textAt(config: unknown, key: string): string | undefined {
  const value = valueAt(config, [key]);
  return typeof value === 'string' ? value : undefined;
}

function validate({ settings, existingSecret }: HelmValuesOptions): void {
  for (const [key, value] of Object.entries(settings)) {
    refuseUnprintable(key, value);
    if (value.includes("'")) {
      throw new InputError(
        `The value for ${key} contains a single quote ('), which the chart's templates cannot render. Correct it at its source.`,
      );
    }
  }
  if (existingSecret !== undefined && !isObjectName(existingSecret)) {
    throw new InputError(
      `existingSecret must be the name of a Kubernetes Secret: lower-case letters, digits, "-" and "."; found "${existingSecret}".`,
    );
  }
}

function refuseEncrypted(file: string, data: unknown): void {
  if (valueAt(data, ['sops', 'mac']) !== undefined) {
    throw new InputError(
      `${file} is sealed by SOPS, and any edit breaks its seal. Keep the settings in a values file that is not encrypted, or edit this one with sops.`,
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
    from:
      isSecret && isClearSecret(found)
        ? '<secret>'
        : shownFound(path, found, value),
    to: describeValue(value),
  };
}

function shownFound(path: string[], found: unknown, wanted: string): string {
  const text =
    typeof found === 'object' && found !== null
      ? JSON.stringify(found)
      : String(found ?? '');
  return shownSetting(path.at(-1)!, text, [wanted]);
}

/** A file that does not parse to the expected data after the edit is left to people. */
function proveEdit(
  file: string,
  before: unknown,
  missing: Wanted[],
  text: string,
): void {
  const expected = missing.reduce(withValue, before);
  if (!isDeepStrictEqual(parseYaml(file, text).data, expected)) {
    throw new InputError(
      `${file} cannot be edited without changing something else. Set ${missing
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
