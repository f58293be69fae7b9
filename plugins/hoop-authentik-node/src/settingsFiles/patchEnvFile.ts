import { InputError } from '@backstage/errors';
import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { asFound, type PlanLine, secretFormOf, SecretValue } from '../core';
import { parseEnvFile, type EnvEntry } from './envSyntax';
import { writeEnvValue } from './envValue';
import {
  judgeGateway,
  judgeSecret,
  planIdpUri,
  type FileGateway,
  type FileVariable,
} from './fileGateway';
import { appendLines, type FilePatch, type OpenSettings } from './filePatch';
import { settingLine } from './settingLine';
import { refuseSealed } from './sops';

/**
 * What an env file must contain.
 *
 * @public
 */
export interface EnvFileOptions {
  /** Name of the file, for messages. */
  file: string;
  settings: OpenSettings;
  /** Never shown, even where it is stored under the key of another setting. */
  clientSecret?: SecretValue;
  /** Write the client secret as well; otherwise its line is left alone. */
  writeClientSecret?: boolean;
  /** What `API_URL` and `ADMIN_USERNAME` of the file are held against. */
  gateway?: FileGateway;
  /** Accept another `ADMIN_USERNAME`. */
  allowLockout?: boolean;
}

/** One variable that is to have another value. */
interface Edit {
  key: SettingKey | 'IDP_URI';
  value: string;
  /** The entry that counts; `undefined` where there is none. */
  found: EnvEntry | undefined;
}

/**
 * Sets the gateway's settings in a docker compose env file; pure. Only the values of the settings change, and missing ones
 * are added at the end. Where a variable is set more than once, the last one counts and is edited.
 *
 * @throws InputError for a file that cannot be parsed or that SOPS has sealed, in which a reference sets `IDP_URI`, or that
 *   is for another gateway
 * @public
 */
export function patchEnvFile(text: string, options: EnvFileOptions): FilePatch {
  const { file, settings, clientSecret, writeClientSecret } = options;
  const before = parseEnvFile(file, text);
  const counting = new Map(before.map(entry => [entry.key, entry]));
  const notes = judgeGateway(options, key => variableOf(counting.get(key)));
  const secret = counting.get(SECRET_SETTING_KEY);
  const keepsSecret = isElsewhere(secret, clientSecret);
  const wanted: Partial<Record<SettingKey, string>> = {
    ...asFound(settings, key => counting.get(key)?.value),
    ...(writeClientSecret &&
      clientSecret &&
      !keepsSecret && { [SECRET_SETTING_KEY]: clientSecret.reveal() }),
  };
  const idpUri = planIdpUri(
    options,
    variableOf(counting.get('IDP_URI')),
    SECRET_SETTING_KEY in wanted || isSecretThere(secret, clientSecret),
  );
  const all = { ...wanted, ...(idpUri.empty && { IDP_URI: '' }) };
  const edits = ([...SETTING_KEYS, 'IDP_URI'] as const).flatMap(
    (key): Edit[] => {
      const value = all[key];
      const found = counting.get(key);
      return value === undefined || found?.value === value
        ? []
        : [{ key, value, found }];
    },
  );
  refuseSealed(
    file,
    name => counting.get(`sops_${name}`)?.raw,
    edits.map(({ key }) => [key]),
  );
  const edited = edit(text, before, edits);
  proveEdit(file, before, edits, edited);
  return {
    text: edited,
    changes: edits.map(one => planLine(file, one, clientSecret)),
    notes: [
      ...notesFor(options, before, keepsSecret),
      ...(SECRET_SETTING_KEY in wanted
        ? []
        : judgeSecret(options, variableOf(secret))),
      ...idpUri.notes,
      ...notes,
    ],
  };
}

/** Whether the gateway would get the client secret of the application, as far as the file shows it. */
function isSecretThere(
  entry: EnvEntry | undefined,
  clientSecret: SecretValue | undefined,
): boolean {
  return (
    Boolean(entry?.raw) &&
    (!clientSecret ||
      clientSecret.equals(entry?.value) ||
      isElsewhere(entry, clientSecret))
  );
}

function variableOf(entry: EnvEntry | undefined): FileVariable | undefined {
  return entry && { text: entry.assigned ? entry.value : undefined };
}

/** Whether the variable only says where the secret is, or holds it encrypted. */
function isElsewhere(
  entry: EnvEntry | undefined,
  clientSecret: SecretValue | undefined,
): boolean {
  const form = secretFormOf(entry?.value ?? entry?.raw, clientSecret);
  return form === 'reference' || form === 'encrypted';
}

/** Applies all edits from the last one to the first, so that no offset moves. */
function edit(text: string, before: EnvEntry[], edits: Edit[]): string {
  const replaced = edits
    .flatMap(({ key, value, found }) =>
      found ? [{ ...found, written: rewritten(text, key, value, found) }] : [],
    )
    .sort((a, b) => b.start - a.start)
    .reduce(
      (all, { start, end, written }) =>
        all.slice(0, start) + written + all.slice(end),
      text,
    );
  const prefix =
    before.length > 0 && before.every(({ exported }) => exported)
      ? 'export '
      : '';
  return edits
    .filter(({ found }) => !found)
    .reduce(
      (all, { key, value }) =>
        appendLines(all, `${prefix}${key}=${writeEnvValue(key, value, '')}`),
      replaced,
    );
}

/** A value in the place of another one. */
function rewritten(
  text: string,
  key: Edit['key'],
  value: string,
  found: EnvEntry,
): string {
  if (key === 'IDP_URI') {
    // Without quotes, what follows on the line would become the value.
    return found.quote === '' && /^\s*$/m.test(restOfLine(text, found.end))
      ? ''
      : "''";
  }
  const written = writeEnvValue(key, value, found.quote);
  if (!found.assigned) {
    return `=${written}`;
  }
  // Meant as a comment, and read as part of the value: it becomes the comment.
  const comment =
    found.quote === '' && key !== SECRET_SETTING_KEY
      ? /(?:^|\s)(#.*)/.exec(found.raw)?.[1]
      : undefined;
  return comment === undefined ? written : `${written} ${comment}`;
}

function restOfLine(text: string, from: number): string {
  return /[^\r\n]*/.exec(text.slice(from))![0];
}

/** A file that does not read as expected after the edit is left to people. */
function proveEdit(
  file: string,
  before: EnvEntry[],
  edits: Edit[],
  text: string,
): void {
  const expected = before.map(entry => {
    const change = edits.find(({ found }) => found === entry);
    return change ? read(entry.key, change.value) : read(entry.key, entry.raw);
  });
  const added = edits
    .filter(({ found }) => !found)
    .map(({ key, value }) => read(key, value));
  const after = parseEnvFile(file, text).map(({ key, raw, value }, index) =>
    index < before.length && !edits.some(({ found }) => found === before[index])
      ? read(key, raw)
      : read(key, value),
  );
  if (after.join('\n') !== [...expected, ...added].join('\n')) {
    throw new InputError(
      `${file} cannot be edited without changing something else. Set ${edits
        .map(({ key }) => key)
        .join(', ')} by hand.`,
    );
  }
}

function read(key: string, value: string | undefined): string {
  return JSON.stringify([key, value ?? null]);
}

function planLine(
  file: string,
  { key, found, value }: Edit,
  clientSecret: SecretValue | undefined,
): PlanLine {
  if (key === SECRET_SETTING_KEY || key === 'IDP_URI') {
    return {
      object: file,
      field: key,
      from: found?.raw ? '<secret>' : '(unset)',
      to: value === '' ? '(unset)' : '<changed>',
    };
  }
  return settingLine({
    file,
    field: key,
    key,
    found: found?.raw,
    value,
    clientSecret,
  });
}

function notesFor(
  { file, clientSecret, writeClientSecret }: EnvFileOptions,
  entries: EnvEntry[],
  keepsSecret: boolean,
): string[] {
  const repeated = SETTING_KEYS.filter(
    key => entries.filter(entry => entry.key === key).length > 1,
  );
  const writes = clientSecret !== undefined && writeClientSecret === true;
  const secret = entries.findLast(({ key }) => key === SECRET_SETTING_KEY);
  return [
    ...(repeated.length > 0
      ? [
          `${file} sets ${repeated.join(
            ', ',
          )} more than once. The last one counts; remove the others.`,
        ]
      : []),
    ...(writes && keepsSecret
      ? [
          `${file}: ${SECRET_SETTING_KEY} is a reference or encrypted, so it was left as it is. Store the application's client secret where it leads, or remove it from the file to have the secret written.`,
        ]
      : []),
    ...(!writes && !secret?.raw
      ? [
          `${file} does not set ${SECRET_SETTING_KEY}, and the gateway does not start without it. Copy the application's client secret from authentik into the file, or run the task with writeClientSecret.`,
        ]
      : []),
  ];
}
