import { InputError } from '@backstage/errors';
import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
} from 'backstage-plugin-hoop-authentik-common';
import {
  asFound,
  describeInput,
  isObjectName,
  type PlanLine,
  secretFormOf,
  type SecretValue,
} from '../core';
import { findConfig, keysOnTheWay } from './configPath';
import { editYaml, missingFrom, openYaml, type WantedText } from './editYaml';
import {
  judgeGateway,
  planIdpUri,
  type FileGateway,
  type FileVariable,
} from './fileGateway';
import {
  refuseUnprintable,
  type FilePatch,
  type OpenSettings,
} from './filePatch';
import {
  isSecretName,
  planClientSecret,
  refuseRemainingSecret,
} from './helmClientSecret';
import { settingLine } from './settingLine';
import { refuseSealed } from './sops';
import { chooseDocument, type ManifestReference } from './yamlDocument';
import { formatPath, valueAt } from './yamlPath';

/**
 * What a values file must contain.
 *
 * @public
 */
export interface HelmValuesOptions {
  /** Name of the file, for messages. */
  file: string;
  settings: OpenSettings;
  /** The object to edit in a file of Kubernetes objects, such as a HelmRelease; may be left out where there is one. */
  document?: ManifestReference;
  /**
   * Path of the chart's `config`: keys joined by dots, `[0]` or `[name=hoop]` for an entry of a list, `\\.` for a dot in a
   * key. Default: `config`, and in a HelmRelease of Flux or an Application of Argo CD where these have the values.
   */
  configPath?: string;
  /** Name of the Secret that carries the client secret; set beside `config`. Default: the one that the file names. */
  existingSecret?: string;
  /** Replace another `existingSecret` that the file names, instead of refusing. */
  replaceExistingSecret?: boolean;
  /** Overwrite a client secret in clear text, instead of refusing. */
  removeClearSecret?: boolean;
  /** Never shown, even where it is stored under the key of another setting. */
  clientSecret?: SecretValue;
  /** What `API_URL` and `ADMIN_USERNAME` of the file are held against. */
  gateway?: FileGateway;
  /** Accept another `ADMIN_USERNAME`. */
  allowLockout?: boolean;
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

const EXISTING_SECRET = 'existingSecret';

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
 *   names another `existingSecret`, or in which a reference sets `IDP_URI`
 * @public
 */
export function patchHelmValues(
  text: string,
  options: HelmValuesOptions,
): HelmValuesPatch {
  const { file } = options;
  validate(options);
  const parsed = openYaml(file, text, [
    ...keysOnTheWay(options.configPath),
    ...SETTING_KEYS,
    ...['API_URL', 'ADMIN_USERNAME', 'IDP_URI', EXISTING_SECRET],
  ]);
  const document = chooseDocument(file, parsed, options.document);
  const { data } = document;
  const configPath = findConfig(file, document, options.configPath);
  const config = valueAt(data, configPath);
  const judged = judgeGateway(options, key => variableAt(config, key));
  const secretPath = [...configPath.slice(0, -1), EXISTING_SECRET];
  const present = valueAt(config, [SECRET_SETTING_KEY]);
  const { existingSecret, setting, clear, notes } = planClientSecret(options, {
    configPath: formatPath(configPath),
    secretPath: formatPath(secretPath),
    present,
    named: valueAt(data, secretPath),
  });

  const values = {
    ...asFound(options.settings, key => textAt(config, key)),
    ...(setting !== undefined && { [SECRET_SETTING_KEY]: setting }),
  };
  const wanted: WantedText[] = [
    ...Object.entries(values).map(([key, value]) => ({
      path: [...configPath, key],
      value,
    })),
    ...(existingSecret ? [{ path: secretPath, value: existingSecret }] : []),
  ];
  const settingsMissing = missingFrom(document, wanted);
  const idpUri = planIdpUri(
    options,
    variableAt(config, 'IDP_URI'),
    settingsMissing.length === 0,
  );
  const missing = idpUri.empty
    ? [{ path: [...configPath, 'IDP_URI'], value: '' }]
    : settingsMissing;
  refuseSealed(
    file,
    name => valueAt(data, ['sops', name]),
    missing.map(({ path }) => path.map(String)),
  );
  const after = editYaml(parsed, document, missing) ?? text;
  refuseRemainingSecret(file, after, [
    ...(clear ? [String(present)] : []),
    ...(options.clientSecret ? [options.clientSecret.reveal()] : []),
  ]);
  return {
    text: after,
    changes: missing.map(line => planLine(data, line, options)),
    notes: [...notes, ...idpUri.notes, ...judged],
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

function variableAt(config: unknown, key: string): FileVariable | undefined {
  const value = valueAt(config, [key]);
  if (value === undefined || value === null) {
    return undefined;
  }
  const form = secretFormOf(value);
  return {
    text:
      form === 'reference' || form === 'encrypted' ? undefined : String(value),
  };
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
      `existingSecret must be the name of a Kubernetes Secret: lower-case letters, digits, "-" and "."; found ${describeInput(
        existingSecret,
      )}.`,
    );
  }
}

function planLine(
  before: unknown,
  { path, value }: WantedText,
  { file, clientSecret }: HelmValuesOptions,
): PlanLine {
  const found = valueAt(before, path);
  const text =
    typeof found === 'object' && found !== null
      ? JSON.stringify(found)
      : String(found ?? '');
  return settingLine({
    file,
    field: formatPath(path),
    key: String(path.at(-1)),
    found: text,
    value,
    clientSecret,
  });
}
