import { InputError } from '@backstage/errors';
import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import {
  callbackOf,
  describeValue,
  secretFormOf,
  type SecretValue,
  shownSetting,
} from '../core';

/**
 * The gateway that reads a file, as app-config declares it.
 *
 * @public
 */
export interface FileGateway {
  /** The group whose members administer the gateway. */
  adminGroup: string;
  /** Where authentik sends people back to. */
  redirectUri: string;
}

/** What a file has under a key of the gateway's environment. @internal */
export interface FileVariable {
  /** The text as the gateway gets it; `undefined` where variables, a reference or an encryption decide. */
  text: string | undefined;
}

/** @internal */
export interface FileGatewayOptions {
  file: string;
  gateway?: FileGateway;
  allowLockout?: boolean;
  clientSecret?: SecretValue;
}

/** What the gateway uses where nothing sets `ADMIN_USERNAME`. */
const DEFAULT_ADMIN_GROUP = 'admin';

/**
 * Holds what a file itself says of the gateway against app-config.
 *
 * @param find - what the file has under a key; `undefined` where it has nothing
 * @returns what the operator should know
 * @throws InputError for a file with which sign-ins would fail, or the gateway would have no administrator
 * @internal
 */
export function judgeGateway(
  options: FileGatewayOptions,
  find: (key: string) => FileVariable | undefined,
): string[] {
  return [
    ...judgeApiUrl(options, find('API_URL')),
    ...judgeAdminGroup(options, find('ADMIN_USERNAME')),
  ];
}

/**
 * A way off `IDP_URI`: while it is set, the gateway ignores the separate settings, so these are written first, and it is
 * emptied once they are complete. The gateway can start with the file before and after.
 *
 * @param complete - whether the file has everything that the gateway needs without it
 * @throws InputError where no file can empty it
 * @internal
 */
export function planIdpUri(
  { file }: FileGatewayOptions,
  found: FileVariable | undefined,
  complete: boolean,
): { empty: boolean; notes: string[] } {
  if (!found || found.text === '') {
    return { empty: false, notes: [] };
  }
  if (found.text === undefined || found.text.startsWith('#')) {
    throw new InputError(
      found.text === undefined
        ? `${file}: IDP_URI is set or inherited, and the gateway uses it instead of the separate settings. Remove it, then run the task again.`
        : `${file}: IDP_URI is not empty: a "#" directly after "=" starts no comment, but is the value. Remove the line, then run the task again.`,
    );
  }
  return complete
    ? {
        empty: true,
        notes: [
          `${file}: IDP_URI is emptied, so that the gateway uses the separate settings. Its old value stays in the history of the file: revoke that client secret at the former provider.`,
        ],
      }
    : {
        empty: false,
        notes: [
          `${file}: IDP_URI stays for now, and until it is empty the gateway uses it instead of the separate settings. Make sure that ${SECRET_SETTING_KEY} reaches the gateway, then run the task again: it empties IDP_URI last.`,
        ],
      };
}

function judgeApiUrl(
  { file, gateway }: FileGatewayOptions,
  found: FileVariable | undefined,
): string[] {
  if (!gateway) {
    return [];
  }
  if (!found || found.text === '') {
    return [
      `${file} does not set API_URL. Unless it is set elsewhere, the gateway sends people to http://127.0.0.1:8009 after sign-in. Set it to the gateway's public URL.`,
    ];
  }
  const { text } = found;
  if (text === undefined) {
    return [
      `${file} sets API_URL by a reference, so it could not be compared with the gateway's url in app-config.`,
    ];
  }
  const uri = callbackOf(text);
  if (uri !== gateway.redirectUri) {
    throw new InputError(
      `${file}: API_URL is ${shownSetting('API_URL', text)}, which gives ${
        uri === undefined ? 'no redirect URI' : 'another redirect URI'
      }; expected ${describeValue(
        gateway.redirectUri,
      )}, and authentik accepts no other. ` +
        'Correct API_URL in the file, remove it there if another place overrides it, or correct the url of the gateway in app-config.',
    );
  }
  return [];
}

function judgeAdminGroup(
  { file, gateway, allowLockout }: FileGatewayOptions,
  found: FileVariable | undefined,
): string[] {
  if (!gateway) {
    return [];
  }
  const wanted = describeValue(gateway.adminGroup);
  if (found && found.text === undefined) {
    return [
      `${file} sets ADMIN_USERNAME by a reference, so it could not be compared with the adminGroup of app-config, ${wanted}.`,
    ];
  }
  const text = found?.text;
  if ((text || DEFAULT_ADMIN_GROUP) === gateway.adminGroup) {
    return [];
  }
  if (!text) {
    return [
      `${file} does not set ADMIN_USERNAME. Unless it is set elsewhere, the gateway makes administrators of the group "${DEFAULT_ADMIN_GROUP}", and app-config says ${wanted}. Set it to ${wanted}.`,
    ];
  }
  const message = `${file}: ADMIN_USERNAME is ${shownSetting(
    'ADMIN_USERNAME',
    text,
  )}, so the gateway makes administrators of that group; expected the adminGroup of app-config, ${wanted}.`;
  if (!allowLockout) {
    throw new InputError(
      `${message} Correct the one that is wrong, or set allowLockout if the gateway has administrators without it.`,
    );
  }
  return [message];
}

/** What to know of a client secret that stays as the file has it. @internal */
export function judgeSecret(
  { file, clientSecret }: FileGatewayOptions,
  found: FileVariable | undefined,
): string[] {
  const differs =
    found?.text !== undefined &&
    clientSecret !== undefined &&
    secretFormOf(found.text, clientSecret) === 'value' &&
    !clientSecret.equals(found.text);
  return differs
    ? [
        `${file}: ${SECRET_SETTING_KEY} is not the client secret of the application in authentik, so sign-ins will fail. Replace it before the gateway reads the file.`,
      ]
    : [];
}
