import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import { describeInput, isObjectName, isSlug, SecretValue } from '../core';
import {
  optionalDuration,
  readAccess,
  readCredential,
  readTimeout,
} from './readAccess';
import { readGatewayUrl, readIssuerUrl } from './readUrl';
import type {
  TestAccount,
  AuthentikInstanceConfig,
  ClusterConfig,
  GatewayConfig,
  GatewayTargetConfig,
  HoopAuthentikConfig,
  KubernetesTargetConfig,
} from './types';

const ROOT = 'hoopAuthentik';
const FIVE_MINUTES_MS = 5 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `[<kind>:][<namespace>/]<name>` */
const ENTITY_REF = /^(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)$/;

/** What an HTTP header can carry, without spaces. */
const API_KEY_PATTERN = /^[!-~]+$/;

/** Claims and scopes as they can stand in a token, in an environment and in a values file. */
const CLAIM = /^[A-Za-z0-9_:./-]{1,200}$/;
const SCOPE = /^[!#-&(-+\--[\]-~]{1,200}$/;

/**
 * Reads and validates `hoopAuthentik` of app-config. Without that section there is nothing configured, and the backend
 * starts all the same.
 *
 * @param onUnusable - hears of each gateway whose entry is wrong, for a caller that goes on with the others
 * @throws InputError naming the key, what was expected and what was found
 * @internal
 */
export function readHoopAuthentikConfig(
  root: Config,
  onUnusable?: (name: string, error: unknown) => void,
): HoopAuthentikConfig {
  const config = root.getOptionalConfig(ROOT);
  const authentik = (config?.getOptionalConfigArray('authentik') ?? []).map(
    readInstance,
  );
  refuseDuplicates('authentik', authentik);
  const gateways = (config?.getOptionalConfigArray('gateways') ?? []).flatMap(
    (gateway, index) => {
      try {
        return [readGateway(gateway, index, authentik)];
      } catch (error) {
        if (!onUnusable) {
          throw error;
        }
        const name = gateway.getOptional('name');
        onUnusable(
          typeof name === 'string' && name ? name : `gateways[${index}]`,
          error,
        );
        return [];
      }
    },
  );
  refuseDuplicates('gateways', gateways);
  return { authentik, gateways };
}

function readInstance(config: Config, index: number): AuthentikInstanceConfig {
  const key = `${ROOT}.authentik[${index}]`;
  return {
    name: config.getOptionalString('name') ?? 'default',
    baseUrl: readIssuerUrl(config, key),
    credential: readCredential(config, key),
    ...readAccess(config, key),
    signingKey: config.getOptionalString('signingKey'),
    signingKeyDays: readSigningKeyDays(config, key),
    writeTimeoutMs: readTimeout(config, 'writeTimeout', key),
    ...(config.getOptionalBoolean('checkBlueprints')
      ? { checkBlueprints: true }
      : {}),
    creation: readChoice(
      config,
      'creation',
      ['singleWrites', 'transaction'],
      key,
    ),
  };
}

function readSigningKeyDays(config: Config, key: string): number | undefined {
  const ms = optionalDuration(config, 'signingKeyValidity');
  if (ms !== undefined && ms < DAY_MS) {
    throw new InputError(
      `${key}.signingKeyValidity must be a day or more; found ${
        ms / 1000
      } seconds`,
    );
  }
  return ms === undefined ? undefined : Math.floor(ms / DAY_MS);
}

function readGateway(
  config: Config,
  index: number,
  instances: AuthentikInstanceConfig[],
): GatewayConfig {
  const key = `${ROOT}.gateways[${index}]`;
  const name = config.getString('name');
  const url = readGatewayUrl(config, key);
  const claimedApplication = config.getOptionalString('application');
  const application = claimedApplication ?? name;
  if (!isSlug(application)) {
    throw new InputError(
      `${key}.application must be a slug of letters, digits, "-" and "_"; found "${application}"`,
    );
  }
  const target = readTarget(config.getConfig('target'), `${key}.target`);
  const apiKey = readApiKey(config, key);
  if (target.type === 'gatewayApi' && !apiKey) {
    throw new InputError(
      `${key}.apiKey is required by the target type "gatewayApi": expected the API key of a gateway administrator, found nothing`,
    );
  }
  return {
    name,
    title: config.getOptionalString('title') ?? name,
    url,
    authentik: readInstanceName(config, key, instances),
    application,
    claimedApplication,
    adminGroup: config.getOptionalString('adminGroup') ?? 'admin',
    allowedGroups: readNames(config, 'allowedGroups', key),
    ...readAccess(config, key),
    ...readClaims(config, key),
    approvers: readApprovers(config, key),
    testAccount: readTestAccount(config),
    apiKey,
    target,
  };
}

/** Names without blanks around them, which a person does not see and authentik compares. */
function readNames(
  config: Config,
  field: string,
  key: string,
): string[] | undefined {
  const names = config.getOptionalStringArray(field)?.map(name => name.trim());
  if (names?.includes('')) {
    throw new InputError(`${key}.${field} must list names; found an empty one`);
  }
  return names && [...new Set(names)];
}

function readClaims(
  config: Config,
  key: string,
): Pick<GatewayConfig, 'groupsClaim' | 'extraScopes'> {
  const groupsClaim = config.getOptionalString('groupsClaim')?.trim();
  if (groupsClaim !== undefined && !CLAIM.test(groupsClaim)) {
    throw new InputError(
      `${key}.groupsClaim must be the name of a claim, such as groups; found ${describeInput(
        groupsClaim,
      )}`,
    );
  }
  const extraScopes = readNames(config, 'extraScopes', key);
  const wrong = extraScopes?.find(scope => !SCOPE.test(scope));
  if (wrong !== undefined) {
    throw new InputError(
      `${key}.extraScopes must list scopes of printable ASCII characters without spaces, commas and quotation marks; found ${describeInput(
        wrong,
      )}`,
    );
  }
  return {
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
    ...(extraScopes === undefined ? {} : { extraScopes }),
  };
}

function readApprovers(config: Config, key: string): string[] | undefined {
  return config.getOptionalStringArray('approvers')?.map(given => {
    const [, kind = 'group', namespace = 'default', name] =
      ENTITY_REF.exec(given) ?? [];
    if (name === undefined) {
      throw new InputError(
        `${key}.approvers must be references of groups or users, such as group:default/sre; found "${given}"`,
      );
    }
    return `${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US');
  });
}

function readTestAccount(config: Config): TestAccount | undefined {
  const account = config.getOptionalConfig('testAccount');
  return (
    account && {
      username: account.getString('username'),
      password: new SecretValue(account.getString('password')),
    }
  );
}

function readInstanceName(
  config: Config,
  key: string,
  instances: AuthentikInstanceConfig[],
): string {
  const names = instances.map(({ name }) => name);
  const name =
    config.getOptionalString('authentik') ??
    (names.length === 1 ? names[0] : undefined);
  if (name === undefined || !names.includes(name)) {
    throw new InputError(
      `${key}.authentik must name one of the instances under ${ROOT}.authentik (${
        names.join(', ') || 'none is declared'
      }); found ${name === undefined ? 'nothing' : `"${name}"`}`,
    );
  }
  return name;
}

function readApiKey(config: Config, key: string): SecretValue | undefined {
  const apiKey = config.getOptionalString('apiKey')?.trim();
  // A key that is not valid in a header would fail each request, far from its cause.
  if (apiKey !== undefined && !API_KEY_PATTERN.test(apiKey)) {
    throw new InputError(
      `${key}.apiKey must be one line of printable ASCII characters without spaces; found something else`,
    );
  }
  return apiKey === undefined ? undefined : new SecretValue(apiKey);
}

function readTarget(config: Config, key: string): GatewayTargetConfig {
  const type = config.getString('type');
  switch (type) {
    case 'kubernetes':
      return readKubernetesTarget(config, key);
    case 'gatewayApi':
    case 'helmValues':
    case 'envFile':
      return { type };
    default:
      throw new InputError(
        `${key}.type must be "kubernetes", "gatewayApi", "helmValues" or "envFile"; found "${type}"`,
      );
  }
}

function readKubernetesTarget(
  config: Config,
  key: string,
): KubernetesTargetConfig {
  const settingsIn = readChoice(
    config,
    'settingsIn',
    ['configMap', 'secret'],
    key,
  );
  const clientSecretIn = readChoice(
    config,
    'clientSecretIn',
    ['secret', 'configMap'],
    key,
  );
  if (settingsIn === 'secret' && clientSecretIn === 'configMap') {
    throw new InputError(
      `${key}.clientSecretIn must be "secret" where settingsIn is "secret", because that keeps all settings in one Secret; found "configMap"`,
    );
  }
  const objectName = (field: string, value: string) => {
    if (!isObjectName(value)) {
      throw new InputError(
        `${key}.${field} must be the name of a Kubernetes object (RFC 1123); found "${value}"`,
      );
    }
    return value;
  };
  const optionalName = (field: string) => {
    const value = config.getOptionalString(field);
    return value === undefined ? undefined : objectName(field, value);
  };
  return {
    type: 'kubernetes',
    cluster: readCluster(config.getConfig('cluster'), `${key}.cluster`),
    namespace: objectName('namespace', config.getString('namespace')),
    deployment: optionalName('deployment') ?? 'hoopgateway',
    container: config.getOptionalString('container'),
    configMap: optionalName('configMap'),
    secret: optionalName('secret'),
    settingsIn,
    clientSecretIn,
    ...optional('keyNames', readKeyNames(config, key)),
    rolloutTimeoutMs:
      optionalDuration(config, 'rolloutTimeout') ?? FIVE_MINUTES_MS,
    restoreTimeoutMs: optionalDuration(config, 'restoreTimeout'),
  };
}

/** What Kubernetes accepts as a key of a ConfigMap or Secret. */
const OBJECT_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

const NAMED_KEYS = ['IDP_CLIENT_ID', 'IDP_CLIENT_SECRET'] as const;

function readKeyNames(
  config: Config,
  key: string,
): KubernetesTargetConfig['keyNames'] {
  const names = config.getOptionalConfig('keyNames');
  if (!names) {
    return undefined;
  }
  const unknown = names
    .keys()
    .find(name => !NAMED_KEYS.some(one => one === name));
  const found = NAMED_KEYS.flatMap(name => {
    const value = names.getOptionalString(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const values = found.map(([, value]) => value);
  const wrong = values.find(
    (value, index) =>
      !OBJECT_KEY.test(value) ||
      values.indexOf(value) !== index ||
      SETTING_KEYS.some(one => one === value),
  );
  if (unknown !== undefined || wrong !== undefined) {
    throw new InputError(
      `${key}.keyNames must give IDP_CLIENT_ID and IDP_CLIENT_SECRET different keys of a Kubernetes object, none of them the name of a setting; found "${
        unknown ?? wrong
      }"`,
    );
  }
  return Object.fromEntries(found);
}

/** @param choices - the first one is the default */
function readChoice<const Choice extends string>(
  config: Config,
  field: string,
  choices: readonly [Choice, ...Choice[]],
  key: string,
): Choice {
  const value = config.getOptionalString(field) ?? choices[0];
  const choice = choices.find(one => one === value);
  if (choice === undefined) {
    throw new InputError(
      `${key}.${field} must be ${choices
        .map(one => `"${one}"`)
        .join(' or ')}; found "${value}"`,
    );
  }
  return choice;
}

/** Fields of a cluster by the one that they belong to. */
const BESIDE = {
  context: 'kubeconfig',
  allowExec: 'kubeconfig',
  execEnvironment: 'kubeconfig',
  viaProxy: 'name',
};

function readCluster(config: Config, key: string): ClusterConfig {
  const inCluster = config.getOptionalBoolean('inCluster');
  const kubeconfig = config.getOptionalString('kubeconfig');
  const name = config.getOptionalString('name');
  const given = Object.entries({ kubeconfig, name, inCluster })
    .filter(([, value]) => value)
    .map(([field]) => `"${field}"`);
  if (given.length !== 1) {
    throw new InputError(
      `${key} must have one of "kubeconfig" (a path), "name" (a cluster of kubernetes.clusterLocatorMethods) and "inCluster: true"; found ${
        given.join(' and ') || 'none'
      }`,
    );
  }
  for (const [field, belongsTo] of Object.entries(BESIDE)) {
    if (config.has(field) && given[0] !== `"${belongsTo}"`) {
      throw new InputError(
        `${key}.${field} has a meaning beside "${belongsTo}" only; found it beside ${given[0]}`,
      );
    }
  }
  if (inCluster) {
    return { inCluster: true };
  }
  if (!kubeconfig) {
    return {
      name: config.getString('name'),
      ...optional('viaProxy', config.getOptionalBoolean('viaProxy')),
    };
  }
  return {
    kubeconfig,
    context: config.getOptionalString('context'),
    ...optional('allowExec', config.getOptionalBoolean('allowExec')),
    ...optional(
      'execEnvironment',
      config.getOptionalStringArray('execEnvironment'),
    ),
  };
}

function optional<Field extends string, T>(
  field: Field,
  value: T | undefined,
): { [F in Field]?: T } {
  return value === undefined ? {} : ({ [field]: value } as { [F in Field]: T });
}

function refuseDuplicates(
  section: string,
  entries: Array<{ name: string }>,
): void {
  const names = entries.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `${ROOT}.${section} declares the name "${twice}" twice; names must be unique`,
    );
  }
}
