import { BlockList, isIP } from 'node:net';
import { InputError } from '@backstage/errors';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { eitherName } from './connection';
import type { HttpClientOptions } from './types';

/** A proxy with its credentials apart from its address. */
interface Proxy {
  /** Origin, for messages too. */
  uri: string;
  /** Value of `Proxy-Authorization`. */
  token?: string;
}

/**
 * The connections to one system, through a proxy where one is configured.
 *
 * @returns the dispatcher, and the address of the proxy for messages
 * @throws InputError when the proxy cannot be used
 * @internal
 */
export function dispatcherFor(
  {
    baseUrl,
    internalUrl = baseUrl,
    proxy: given,
    tls: configured,
    connections,
  }: HttpClientOptions,
  env: NodeJS.ProcessEnv = process.env,
): { dispatcher: Dispatcher; proxy: string | undefined } {
  const proxy = given
    ? parseProxy(given.reveal(), 'proxy-url')
    : proxyOfEnvironment(new URL(internalUrl), env);
  const tls =
    internalUrl === baseUrl
      ? configured
      : {
          ...configured,
          checkServerIdentity: eitherName(
            new URL(baseUrl),
            new URL(internalUrl),
          ),
        };
  const limits = { connections: connections ?? 8 };
  if (!proxy) {
    const dispatcher = new Agent({ ...limits, connect: { ...tls } });
    return { dispatcher, proxy: undefined };
  }
  const dispatcher = new ProxyAgent({
    ...limits,
    uri: proxy.uri,
    token: proxy.token,
    // Plain HTTP is sent to the proxy itself: many allow tunnels to port 443 only.
    proxyTunnel: false,
    ...(tls && { requestTls: { ...tls } }),
  });
  return { dispatcher, proxy: proxy.uri };
}

/**
 * The proxy for a URL, by the variables that kubectl, curl and Node.js read (`NODE_USE_ENV_PROXY`), and by those of the
 * `global-agent` that Backstage's guide used before. Loopback addresses are reached directly, as kubectl does.
 *
 * @internal
 */
export function proxyOfEnvironment(
  url: URL,
  env: NodeJS.ProcessEnv,
): Proxy | undefined {
  const scheme = url.protocol === 'https:' ? 'HTTPS' : 'HTTP';
  const names = [
    `${scheme.toLowerCase()}_proxy`,
    `${scheme}_PROXY`,
    `GLOBAL_AGENT_${scheme}_PROXY`,
    // global-agent uses its proxy for both.
    'GLOBAL_AGENT_HTTP_PROXY',
  ];
  const name = names.find(one => env[one]);
  const direct =
    env.no_proxy || env.NO_PROXY || env.GLOBAL_AGENT_NO_PROXY || '';
  return name && !isLoopback(url) && !isDirect(url, direct)
    ? parseProxy(env[name]!, name)
    : undefined;
}

function parseProxy(text: string, where: string): Proxy {
  // As in kubectl, a proxy may be given without its scheme.
  const full = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    // Never quoted, since it may contain a password.
    throw new InputError(
      `${where}: expected the http or https URL of a proxy, found ${
        url ? `one with ${url.protocol}` : 'something else'
      }`,
    );
  }
  const { username, password } = url;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(
    password,
  )}`;
  return {
    uri: url.origin,
    ...(username && {
      token: `Basic ${Buffer.from(user).toString('base64')}`,
    }),
  };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/**
 * Whether `NO_PROXY` names the host: `*`, a domain with or without a leading dot (its subdomains too), an address, a network
 * in CIDR notation; each with a port where it is meant for that port only.
 */
function isDirect(url: URL, list: string): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some(entry => {
      const [, name, entryPort] = /^(.*?[^:])(?::(\d+))?$/.exec(entry) ?? [];
      if (entry === '*' || isWithin(host, entry)) {
        return true;
      }
      const isIpv6 = isIP(entry) === 6;
      const domain = (isIpv6 ? entry : name ?? '').replace(/^\*?\./, '');
      return (
        (host === domain || (!isIP(host) && host.endsWith(`.${domain}`))) &&
        (isIpv6 || entryPort === undefined || entryPort === port)
      );
    });
}

function isWithin(host: string, network: string): boolean {
  const [address, length] = network.split('/');
  const family = isIP(host);
  if (!length || !/^\d{1,3}$/.test(length) || family !== isIP(address)) {
    return false;
  }
  if (family === 0 || Number(length) > (family === 4 ? 32 : 128)) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, Number(length), type);
  return block.check(host, type);
}
