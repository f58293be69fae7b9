import { InputError } from '@backstage/errors';
import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import {
  asFound,
  describeValue,
  type PlanLine,
  SecretValue,
  shownSetting,
} from '../core';
import { parseEnvFile, writeEnvValue, type EnvEntry } from './envSyntax';
import { appendLines, type FilePatch, type OpenSettings } from './filePatch';

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
}

/**
 * Sets the gateway's settings in a docker compose env file; pure. Only the values of the settings change, and missing ones
 * are added at the end. Where a variable is set more than once, the last one counts and is edited.
 *
 * @throws InputError for a file that cannot be parsed, or in which `IDP_URI` would override the settings
 * @public
 */
export function patchEnvFile(text: string, options: EnvFileOptions): FilePatch {
  const { file, settings, clientSecret, writeClientSecret } = options;
  const before = parseEnvFile(file, text);
  refuseIdpUri(file, before);
  const wanted: Partial<Record<SettingKey, string>> = {
    ...asFound(settings, key => last(before, key)?.value),
    ...(writeClientSecret &&
      clientSecret && { [SECRET_SETTING_KEY]: clientSecret.reveal() }),
  };
  let edited = text;
  const changes: PlanLine[] = [];
  for (const key of SETTING_KEYS) {
    const value = wanted[key];
    const found = last(before, key);
    if (value !== undefined && found?.value !== value) {
      edited = setVariable(file, edited, key, value);
      changes.push(planLine(file, key, found, value, clientSecret));
    }
  }
  return { text: edited, changes, notes: notesFor(options, before) };
}

function last(entries: EnvEntry[], key: string): EnvEntry | undefined {
  return entries.filter(entry => entry.key === key).at(-1);
}

function refuseIdpUri(file: string, entries: EnvEntry[]): void {
  const uri = last(entries, 'IDP_URI');
  if (uri && (uri.raw !== '' || !uri.assigned)) {
    throw new InputError(
      `${file}: IDP_URI is set or inherited, and the gateway uses it instead of the separate settings. Remove it, then run the task again.`,
    );
  }
}

function setVariable(
  file: string,
  text: string,
  key: string,
  value: string,
): string {
  const entries = parseEnvFile(file, text);
  const found = last(entries, key);
  if (!found) {
    const prefix =
      entries.length > 0 && entries.every(({ exported }) => exported)
        ? 'export '
        : '';
    const line = `${prefix}${key}=${writeEnvValue(key, value, '')}`;
    return appendLines(text, line);
  }
  const written = writeEnvValue(key, value, found.quote);
  return [
    text.slice(0, found.start),
    found.assigned ? written : `=${written}`,
    text.slice(found.end),
  ].join('');
}

function planLine(
  file: string,
  key: SettingKey,
  found: EnvEntry | undefined,
  value: string,
  clientSecret: SecretValue | undefined,
): PlanLine {
  if (key === SECRET_SETTING_KEY) {
    return {
      object: file,
      field: key,
      from: found?.raw ? '<secret>' : '(unset)',
      to: '<changed>',
    };
  }
  return {
    object: file,
    field: key,
    // The client secret may be stored under the key of another setting by mistake.
    from: clientSecret?.equals(found?.raw)
      ? '<secret>'
      : shownSetting(key, found?.raw, [value]),
    to: describeValue(value),
  };
}

function notesFor(
  { file, clientSecret, writeClientSecret }: EnvFileOptions,
  entries: EnvEntry[],
): string[] {
  const repeated = SETTING_KEYS.filter(
    key => entries.filter(entry => entry.key === key).length > 1,
  );
  return [
    ...(repeated.length > 0
      ? [
          `${file} sets ${repeated.join(
            ', ',
          )} more than once. The last one counts; remove the others.`,
        ]
      : []),
    ...(!(clientSecret && writeClientSecret) &&
    !last(entries, SECRET_SETTING_KEY)?.raw
      ? [
          `${file} does not set ${SECRET_SETTING_KEY}, and the gateway does not start without it. Copy the application's client secret from authentik into the file, or run the task with writeClientSecret.`,
        ]
      : []),
    ...(last(entries, 'API_URL')?.raw
      ? []
      : [
          `${file} does not set API_URL, so the gateway sends people to http://127.0.0.1:8009 after sign-in. Set it to the gateway's public URL, here or in the compose file.`,
        ]),
  ];
}
