import { InputError } from '@backstage/errors';
import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
} from 'backstage-plugin-hoop-authentik-common';
import { asFound, secretFormOf, type SecretValue } from '../core';
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
import { formInFile, refuseRemainingSecret } from './helmClientSecret';
import type { YamlDocument } from './parseYaml';
import { settingLine } from './settingLine';
import { refuseSealed } from './sops';
import { chooseDocument, type ManifestReference } from './yamlDocument';
import { formatPath, valueAt, type YamlPath } from './yamlPath';

/**
 * What the manifest of a ConfigMap or Secret must contain.
 *
 * @public
 */
export interface ManifestOptions {
  /** Name of the file, for messages. */
  file: string;
  settings: OpenSettings;
  /** The ConfigMap or Secret to edit; may be left out where the file has one object. */
  document?: ManifestReference;
  /** Never written and never shown, even where it is stored under the key of another setting. */
  clientSecret?: SecretValue;
  /** What `API_URL` and `ADMIN_USERNAME` of the file are held against. */
  gateway?: FileGateway;
  /** Accept another `ADMIN_USERNAME`. */
  allowLockout?: boolean;
}

const IDP_URI = 'IDP_URI';

/** Without which the object and its settings are not found. */
const OWN_KEYS = [
  ...['apiVersion', 'kind', 'metadata', 'name', 'immutable', 'sops'],
  ...['data', 'stringData', 'API_URL', 'ADMIN_USERNAME', IDP_URI],
  ...SETTING_KEYS,
];

/** One key of the object: where it is or goes, and its text. */
interface Entry {
  path: YamlPath;
  isEncoded: boolean;
  /** `undefined` where the object does not have it, or it is no text. */
  text: string | undefined;
}

/**
 * Sets the gateway's settings in the manifest of a ConfigMap or Secret, for a gateway whose manifests are in a repository;
 * pure. Every byte that does not belong to a setting stays. The client secret is never written: the container has to read it
 * from a Secret that a tool for secrets makes.
 *
 * @throws InputError for a file that cannot be parsed or edited safely, that is for another gateway, that has the client
 *   secret in clear text, or in which a reference sets `IDP_URI`
 * @public
 */
export function patchManifest(
  text: string,
  options: ManifestOptions,
): FilePatch {
  const { file, settings, clientSecret } = options;
  for (const [key, value] of Object.entries(settings)) {
    refuseUnprintable(key, value);
  }
  const parsed = openYaml(file, text, OWN_KEYS);
  const document = chooseDocument(file, parsed, options.document);
  refuseOtherObject(file, document);
  const judged = judgeGateway(options, key =>
    variableOf(entryOf(document, key)),
  );
  const secret = entryOf(document, SECRET_SETTING_KEY);
  const form = formInFile(secret.text, clientSecret);
  if (form === 'value') {
    throw new InputError(
      `${file}: ${formatPath(
        secret.path,
      )} looks like a value, and the repository must not hold the client secret. Remove it, deliver it by a Secret that External Secrets, Sealed Secrets or SOPS makes, and rotate it.`,
    );
  }
  const wanted = Object.entries(
    asFound(settings, key => entryOf(document, key).text),
  ).map(([key, value]) => ({ key, value, entry: entryOf(document, key) }));
  const settingsMissing = wanted.filter(
    ({ value, entry }) => entry.text !== value,
  );
  const uri = entryOf(document, IDP_URI);
  const idpUri = planIdpUri(
    options,
    variableOf(uri),
    settingsMissing.length === 0,
  );
  const missing = idpUri.empty
    ? [{ key: IDP_URI, value: '', entry: uri }]
    : settingsMissing;
  const texts = missing.map(
    ({ value, entry: { path, isEncoded } }): WantedText => ({
      path,
      value: isEncoded ? Buffer.from(value).toString('base64') : value,
    }),
  );
  refuseSealed(
    file,
    name => valueAt(document.data, ['sops', name]),
    texts.map(({ path }) => path.map(String)),
  );
  const after =
    editYaml(parsed, document, missingFrom(document, texts)) ?? text;
  const revealed = clientSecret?.reveal() ?? '';
  refuseRemainingSecret(file, after, [
    revealed,
    Buffer.from(revealed).toString('base64'),
  ]);
  return {
    text: after,
    changes: missing.map(({ key, value, entry }) =>
      settingLine({
        file,
        field: formatPath(entry.path),
        key,
        found: entry.text,
        value,
        clientSecret,
      }),
    ),
    notes: [
      ...(form === 'absent'
        ? [
            `${file} does not set ${SECRET_SETTING_KEY}. The gateway's container has to read it from a Secret with the application's client secret under that key, before you roll out the change.`,
          ]
        : []),
      ...idpUri.notes,
      ...judged,
    ],
  };
}

function refuseOtherObject(file: string, { kind, data }: YamlDocument): void {
  if (kind !== 'ConfigMap' && kind !== 'Secret') {
    throw new InputError(
      `${file}: expected a ConfigMap or a Secret${
        kind === undefined ? '' : '; found another kind of object'
      }. Name the object with document, such as ConfigMap/hoop. What a tool generates is changed where it is generated from: hoop:helmValues:patch edits the values of a chart, hoop:envFile:patch the env file of a configMapGenerator.`,
    );
  }
  if (valueAt(data, ['immutable']) === true) {
    throw new InputError(
      `${file}: the ${kind} is immutable, so the cluster refuses the change. Add one with another name and let the workload read that, or remove "immutable".`,
    );
  }
}

/** `stringData` of a Secret overrides its `data`, which is in Base64. */
function entryOf({ kind, data }: YamlDocument, key: string): Entry {
  const plain = kind === 'Secret' ? 'stringData' : 'data';
  const isIn = (field: string, name?: string) =>
    valueAt(data, name === undefined ? [field] : [field, name]) !== undefined;
  const isEncoded =
    kind === 'Secret' &&
    !isIn('stringData', key) &&
    (isIn('data', key) || (!isIn('stringData') && isIn('data')));
  const path = [isEncoded ? 'data' : plain, key];
  const found = valueAt(data, path);
  const isText = found !== undefined && found !== null;
  const written = isText ? String(found) : undefined;
  return {
    path,
    isEncoded,
    text:
      isEncoded && written !== undefined && secretFormOf(written) === 'value'
        ? Buffer.from(written, 'base64').toString()
        : written,
  };
}

function variableOf({ text }: Entry): FileVariable | undefined {
  if (text === undefined) {
    return undefined;
  }
  const form = secretFormOf(text);
  return {
    text: form === 'reference' || form === 'encrypted' ? undefined : text,
  };
}
