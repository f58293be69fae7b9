import { z } from 'zod';
import { type Failure, failureKindOf, ForeignText } from '../../core';
import type { HttpResponse } from '../../http';
import type { GatewayLoginUrl } from './types';

const messageSchema = z.object({ message: z.string() });

/** Longest message of the gateway that is repeated. */
const MAX_DETAIL = 200;

/** The gateway's message when it cannot load discovery or the keys of the identity provider. */
const PROVIDER_NOT_LOADED = /failed loading IDP provider/i;

/** Whether the gateway reports that it cannot load its identity provider. @internal */
export function isProviderNotLoaded(answer: HttpResponse): boolean {
  return PROVIDER_NOT_LOADED.test(gatewayMessageOf(answer)?.read() ?? '');
}

/** Why a response is not the expected one, and what to check. @internal */
export function whatIsWrong(path: string, answer: HttpResponse): string {
  if (isProviderNotLoaded(answer)) {
    return 'the gateway is set to OpenID but cannot load its identity provider: check that it reaches the issuer, and that IDP_ISSUER equals the issuer of the discovery document';
  }
  const message = gatewayMessageOf(answer);
  const shown = (text: ForeignText) =>
    answer.formatter().quote(text, MAX_DETAIL);
  if (answer.status === 403 && message !== undefined) {
    return `the gateway does not use OpenID sign-in (403: ${shown(message)})`;
  }
  if (message !== undefined) {
    return `the gateway answered ${answer.status} (${shown(message)})`;
  }
  const found = `expected JSON from a Hoop gateway, found ${answer.describe()}`;
  if (answer.status >= 500) {
    return `${found}: ${
      answer.status === 502 || answer.status === 504
        ? 'a proxy in front of the gateway got no answer from it, so it '
        : 'the gateway '
    }is starting or not running`;
  }
  // The web UI answers every unknown path with its page.
  return answer.mediaType === 'text/html' || answer.status === 404
    ? `${found}: check the URL, and that the gateway is 1.38.0 or newer and serves ${path} there`
    : found;
}

/** The gateway says why it fails; without a message, a proxy in front of it answers. @internal */
export function failureKindOfAnswer(answer: HttpResponse): Failure['kind'] {
  if (answer.status < 500) {
    return failureKindOf(answer.status);
  }
  return gatewayMessageOf(answer) === undefined
    ? 'unreachable'
    : 'server-error';
}

/** @internal */
export function parseLoginUrl(url: URL): GatewayLoginUrl {
  const get = (name: string) => url.searchParams.get(name) ?? undefined;
  return {
    url: url.href,
    endpoint: `${url.origin}${url.pathname}`,
    clientId: get('client_id'),
    redirectUri: get('redirect_uri'),
    responseType: get('response_type'),
    scopes: (get('scope') ?? '').split(/\s+/).filter(Boolean),
    state: get('state'),
  };
}

/** `Server: hoopgateway/1.148.0`; a proxy in front may put its own name there. @internal */
export function versionOf(answer: HttpResponse): string | undefined {
  return /(?:^|[\s,])hoopgateway\/([\w.+-]{1,40})(?=$|[\s,])/.exec(
    answer.header('server')?.read() ?? '',
  )?.[1];
}

/** Every error of the gateway is `{"message": "…"}`. @internal */
export function gatewayMessageOf(
  answer: HttpResponse,
): ForeignText | undefined {
  const parsed = messageSchema.safeParse(answer.json());
  return parsed.success ? new ForeignText(parsed.data.message) : undefined;
}
