import { z } from 'zod';
import { type Failure, failureKindOf, oneLine } from '../../core';
import type { HttpResponse } from '../../http';
import type { GatewayLoginUrl } from './types';

const messageSchema = z.object({ message: z.string() });

/** The gateway's message when it cannot load discovery or the keys of the identity provider. */
const PROVIDER_NOT_LOADED = /failed loading IDP provider/i;

/** Whether the gateway reports that it cannot load its identity provider. @internal */
export function isProviderNotLoaded(answer: HttpResponse): boolean {
  return PROVIDER_NOT_LOADED.test(gatewayMessageOf(answer) ?? '');
}

/** Why a response is not the expected one, and what to check. @internal */
export function whatIsWrong(path: string, answer: HttpResponse): string {
  if (isProviderNotLoaded(answer)) {
    return 'the gateway is set to OpenID but cannot load its identity provider: check that it reaches the issuer, and that IDP_ISSUER equals the issuer of the discovery document';
  }
  const message = gatewayMessageOf(answer);
  if (answer.status === 403 && message !== undefined) {
    return `the gateway does not use OpenID sign-in (${shorten(message)})`;
  }
  if (message !== undefined) {
    return `the gateway answered ${answer.status} (${shorten(message)})`;
  }
  const type =
    answer.headers['content-type']?.split(';')[0] ?? 'no content type';
  const found = `expected JSON from a Hoop gateway, found ${answer.status} with ${type}`;
  if (answer.status >= 500) {
    return `${found}: the gateway is starting or not running`;
  }
  // The web UI answers every unknown path with its page.
  return type === 'text/html' || answer.status === 404
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
  return /(?:^|[\s,])hoopgateway\/([^\s,]+)/.exec(
    answer.headers.server ?? '',
  )?.[1];
}

/** Every error of the gateway is `{"message": "…"}`. @internal */
export function gatewayMessageOf(answer: HttpResponse): string | undefined {
  const parsed = messageSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.message : undefined;
}

/** The body, if it is JSON. @internal */
export function jsonOf(answer: HttpResponse): unknown {
  if (
    !/^application\/([\w.-]+\+)?json\b/i.test(
      answer.headers['content-type'] ?? '',
    )
  ) {
    return undefined;
  }
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

function shorten(message: string): string {
  const text = oneLine(message);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
