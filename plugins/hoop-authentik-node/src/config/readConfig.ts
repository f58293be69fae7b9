import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { SecretValue } from '../support';
import type {
  AuthentikInstanceConfig,
  ClusterConfig,
  GatewayConfig,
  HoopAuthentikConfig,
  KubernetesTargetConfig,
} from './types';

const ROOT = 'hoopAuthentik';
const FIVE_MINUTES_MS = 5 * 60 * 1000;

/** authentik's own rule for application slugs. */
const SLUG_PATTERN = /^[-a-zA-Z0-9_]+$/;

/** RFC 1123 subdomain, as Kubernetes asks of object names. */
const OBJECT_NAME_PATTERN =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Reads and validates `hoopAuthentik` of app-config. An absent section is an empty one, so that an unconfigured plugin
 * keeps a backend running.
 *
 * @throws InputError naming the key, what was expected and what was found
 * @public
 */
export function readHoopAuthentikConfig(root: Config): HoopAuthentikConfig {
  const config = root.getOptionalConfig(ROOT);
  const authentik = (config?.getOptionalConfigArray('authentik') ?? []).map(
    readInstance,
  );
  refuseDuplicates('authentik', authentik);
  const gateways = (config?.getOptionalConfigArray('gateways') ?? []).map(
    (gateway, index) => readGateway(gateway, index, authentik),
  );
  refuseDuplicates('gateways', gateways);
  return { authentik, gateways };
}

function readInstance(config: Config, index: number): AuthentikInstanceConfig {
  const key = `${ROOT}.authentik[${index}]`;
  return {
    name: config.getOptionalString('name') ?? 'default',
    baseUrl: readUrl(config, 'baseUrl', `${key}.baseUrl`),
    token: new SecretValue(config.getString('token').trim()),
    caFile: config.getOptionalString('caFile'),
    signingKey: config.getOptionalString('signingKey'),
  };
}

function readGateway(
  config: Config,
  index: number,
  instances: AuthentikInstanceConfig[],
): GatewayConfig {
  const key = `${ROOT}.gateways[${index}]`;
  const name = config.getString('name');
  const url = readUrl(config, 'url', `${key}.url`);
  if (new URL(url).pathname !== '/') {
    // The gateway drops the path of its own API_URL when it builds the redirect URI, so such a gateway cannot sign
    // anybody in with OpenID.
    throw new InputError(
      `${key}.url must be an origin such as https://hoop.company, without a path; found "${url}"`,
    );
  }
  const application = config.getOptionalString('application') ?? name;
  if (!SLUG_PATTERN.test(application)) {
    throw new InputError(
      `${key}.application must be a slug of letters, digits, "-" and "_"; found "${application}"`,
    );
  }
  return {
    name,
    title: config.getOptionalString('title') ?? name,
    url,
    authentik: readInstanceName(config, key, instances),
    application,
    adminGroup: config.getOptionalString('adminGroup') ?? 'admin',
    allowedGroups: config.getOptionalStringArray('allowedGroups'),
    caFile: config.getOptionalString('caFile'),
    target: readTarget(config.getConfig('target'), `${key}.target`),
  };
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

function readTarget(config: Config, key: string): KubernetesTargetConfig {
  const type = config.getString('type');
  if (type !== 'kubernetes') {
    throw new InputError(`${key}.type must be "kubernetes"; found "${type}"`);
  }
  const clientSecretIn = config.getOptionalString('clientSecretIn') ?? 'secret';
  if (clientSecretIn !== 'secret' && clientSecretIn !== 'configMap') {
    throw new InputError(
      `${key}.clientSecretIn must be "secret" or "configMap"; found "${clientSecretIn}"`,
    );
  }
  const objectName = (field: string, fallback: string) => {
    const value = config.getOptionalString(field) ?? fallback;
    if (!OBJECT_NAME_PATTERN.test(value) || value.length > 253) {
      throw new InputError(
        `${key}.${field} must be the name of a Kubernetes object (RFC 1123); found "${value}"`,
      );
    }
    return value;
  };
  return {
    type,
    cluster: readCluster(config.getConfig('cluster'), `${key}.cluster`),
    namespace: objectName('namespace', config.getString('namespace')),
    deployment: objectName('deployment', 'hoopgateway'),
    container: config.getOptionalString('container'),
    configMap: objectName('configMap', 'hoopgateway-idp'),
    secret: objectName('secret', 'hoopgateway-idp'),
    clientSecretIn,
    rolloutTimeoutMs: config.has('rolloutTimeout')
      ? durationToMilliseconds(
          readDurationFromConfig(config, { key: 'rolloutTimeout' }),
        )
      : FIVE_MINUTES_MS,
  };
}

function readCluster(config: Config, key: string): ClusterConfig {
  if (config.getOptionalBoolean('inCluster')) {
    return { inCluster: true };
  }
  const kubeconfig = config.getOptionalString('kubeconfig');
  if (!kubeconfig) {
    throw new InputError(
      `${key} must have either "kubeconfig" (a path) or "inCluster: true"; found neither`,
    );
  }
  return { kubeconfig, context: config.getOptionalString('context') };
}

function readUrl(config: Config, field: string, key: string): string {
  const value = config.getString(field);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    throw new InputError(
      `${key} must be an http(s) URL without credentials, query or fragment; found "${
        url ? `${url.protocol}//${url.host}${url.pathname}` : value
      }"`,
    );
  }
  return value.replace(/\/+$/, '');
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
