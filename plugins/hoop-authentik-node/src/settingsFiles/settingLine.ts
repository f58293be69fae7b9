import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import {
  describeValue,
  type PlanLine,
  type SecretValue,
  shownSetting,
} from '../core';
import { formInFile } from './helmClientSecret';

/** @internal */
export interface SettingChange {
  file: string;
  /** Where it is in the file. */
  field: string;
  key: string;
  /** The text in the file; the client secret may have ended up there. */
  found: string | undefined;
  value: string;
  clientSecret: SecretValue | undefined;
}

/** The plan of a value that is no secret. @internal */
export function settingLine({
  file,
  field,
  key,
  found,
  value,
  clientSecret,
}: SettingChange): PlanLine {
  const isSecret = key === SECRET_SETTING_KEY || clientSecret?.equals(found);
  return {
    object: file,
    field,
    from:
      isSecret && formInFile(found, clientSecret) === 'value'
        ? '<secret>'
        : shownSetting(key, found, [value]),
    to: describeValue(value),
  };
}
