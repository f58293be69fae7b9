import type { CauseId, Problem } from 'backstage-plugin-hoop-authentik-common';
import { failureOf, takeApartRemedy, type FailedSystem } from '../core';
import { VALID_TOKEN } from '../systems/authentik';
import { KubernetesForbiddenError } from '../systems/kubernetes';
import { causeTitle, missingPermissions } from './causes';
import type { DesiredIntegration } from './types';

/** How a system is out of reach. */
type NetworkFault =
  | 'refused'
  | 'unknown-host'
  | 'certificate'
  | 'timeout'
  | 'proxy'
  | 'broken';

const CODES: Record<string, NetworkFault> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  TimeoutError: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EPROTO: 'certificate',
};

/** The codes of OpenSSL and of Node for a certificate or a handshake that is not accepted. */
const OF_TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;

/** By the code of the error, or the status of a proxy that answered instead. */
function networkFault(code: string, status: number | undefined): NetworkFault {
  if (status !== undefined) {
    return 'proxy';
  }
  return CODES[code] ?? (OF_TLS.test(code) ? 'certificate' : 'broken');
}

const SYSTEMS: Record<
  FailedSystem,
  { name: string; address: string; authority: string }
> = {
  authentik: {
    name: 'authentik',
    address: 'baseUrl of the authentik instance in app-config',
    authority: 'caFile of the authentik instance in app-config',
  },
  kubernetes: {
    name: 'the Kubernetes API',
    address: 'the server of the cluster in app-config',
    authority: 'the certificate authority of the cluster in app-config',
  },
  gateway: {
    name: 'the gateway',
    address: 'url of the gateway in app-config',
    authority: 'caFile of the gateway in app-config',
  },
};

/** What to do about a system that is out of reach in this way. */
function networkRemedy(system: FailedSystem, fault: NetworkFault): string {
  const { name, address, authority } = SYSTEMS[system];
  switch (fault) {
    case 'refused':
      return `Nothing listens at the address. Start ${name}, or correct ${address}.`;
    case 'unknown-host':
      return `The host name cannot be resolved. Correct ${address}, or the DNS that this backend uses.`;
    case 'certificate':
      return `The certificate is not accepted. Renew it if it has expired; if a private authority signed it, or its authority was replaced, set ${authority} and restart this backend.`;
    case 'timeout':
      return `No answer came in time. Check the firewalls and network policies between this backend and ${name}, and the load there.`;
    case 'proxy':
      return `A proxy answers instead. Check that ${name} runs and that the proxy reaches it.`;
    default:
      return `The connection broke off. Check that ${name} runs, and the network between this backend and it.`;
  }
}

const GENERAL_REMEDY =
  'Correct what the error names; the log of this backend may say more.';

/** For what an error brings no remedy of its own. */
const REMEDIES: Partial<Record<CauseId, string>> = {
  'gateway.down':
    'Fix what the error names: the log of the gateway has the details. hoop:gateway:disconnect returns it to local sign-in.',
  'authentik.token-refused': VALID_TOKEN,
  'authentik.overloaded':
    'Wait until authentik answers again. If this lasts, check the load and the health of its server and worker.',
  'authentik.server-error':
    'Read the log of the authentik server: it names the reason.',
  'authentik.unexpected-answer':
    'Check that baseUrl of the authentik instance in app-config is the public URL of authentik, and that no proxy answers in its place.',
  'authentik.misconfigured':
    'Correct what the error names, in app-config or in authentik.',
  'kubernetes.token-refused':
    'Check that the token or certificate configured for the cluster is valid and has not expired.',
  'kubernetes.forbidden':
    'Grant the account that this backend uses in the cluster the documented rights.',
  'kubernetes.overloaded':
    'Wait until the Kubernetes API answers again. If this lasts, check the load of the control plane.',
  'kubernetes.server-error':
    'Check the health of the control plane of the cluster.',
  'kubernetes.unexpected-answer':
    'Check that the server of the cluster in app-config is the Kubernetes API, and that no proxy answers in its place.',
  'kubernetes.misconfigured':
    "Correct what the error names, in the gateway's target in app-config or in the cluster.",
  'gateway.key-refused':
    "Set the gateway's apiKey in app-config to the key of a gateway administrator.",
  'gateway.overloaded':
    'Wait until the gateway answers again. If this lasts, check its load.',
  'gateway.server-error': 'Read the log of the gateway: it names the reason.',
  'gateway.unexpected-answer':
    'Check that url of the gateway in app-config is its public URL, and that no proxy answers in its place.',
  'gateway.misconfigured':
    'Correct what the error names, in app-config or in the gateway.',
};

/** What is said of a cause, without the checks that wait for it. @internal */
export type CauseText = Pick<
  Problem,
  'title' | 'error' | 'remedy' | 'link' | 'params'
>;

/**
 * What is said of a cause: the first error stands for all of them.
 *
 * @internal
 */
export function describeCause(
  id: CauseId,
  errors: readonly Error[],
  desired: DesiredIntegration,
): CauseText {
  const [error] = errors;
  const { fact, remedy } = error
    ? takeApartRemedy(error)
    : { fact: undefined, remedy: undefined };
  const said = { title: causeTitle(id), ...(fact ? { error: fact } : {}) };
  const [system, kind] = id.split('.') as [FailedSystem, string];
  const admin = `${desired.authentik.baseUrl}/if/admin/#`;
  if (kind === 'unreachable') {
    const { code = '', status } = (error && failureOf(error)) ?? {};
    const fault = networkFault(code, status);
    return {
      ...said,
      remedy: networkRemedy(system, fault),
      params: { case: fault, code: code || `HTTP ${status ?? ''}` },
    };
  }
  if (id === 'authentik.permission-missing') {
    const permissions = missingPermissions(errors);
    return {
      ...said,
      remedy: `Grant ${
        permissions || 'the permission'
      } globally to the user of the token, through a role.`,
      link: `${admin}/identity/roles`,
      params: { permissions },
    };
  }
  if (error && KubernetesForbiddenError.is(error)) {
    const { verb, resource, namespace } = error;
    return {
      ...said,
      remedy: `Grant the account that this backend uses in the cluster the right to ${verb} ${resource} in namespace "${namespace}".`,
      params: { verb, resource, namespace },
    };
  }
  return {
    ...said,
    remedy: remedy ?? REMEDIES[id] ?? GENERAL_REMEDY,
    ...(id === 'authentik.token-refused'
      ? { link: `${admin}/core/tokens` }
      : {}),
  };
}
