/** A URL as Go's net/url takes it apart: nothing but the scheme is normalized. @internal */
export interface GoUrl {
  /** In lower case. */
  scheme: string;
  /** A user name or password stands before the host. */
  hasUser: boolean;
  /** As written, with its port. */
  host: string;
  path: string;
  query: string;
}

/**
 * Takes a URL apart as the gateway does, which is written in Go. Not by the URL class: what the gateway makes of a URL is
 * compared byte for byte, and the class changes the case of a host, drops a default port and adds a slash.
 *
 * @returns `undefined` if it is no URL with a host to the gateway
 * @internal
 */
export function parseGoUrl(text: string): GoUrl | undefined {
  const parts =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*@)?([^/?#@\\%]+)([^?#]*)(?:\?([^#]*))?/i.exec(
      text,
    );
  if (!parts || !isParsable(text)) {
    return undefined;
  }
  const [, scheme, user, host, path, query = ''] = parts;
  return {
    scheme: scheme.toLowerCase(),
    hasUser: user !== undefined,
    host,
    path,
    query,
  };
}

/**
 * A URL as browsers take it apart; `undefined` for what is none. `URL.canParse` of Node 20 denies URLs with letters such as
 * "ü" once it was called often.
 *
 * @internal
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Go's URL parser rejects spaces and control characters, such as a line feed at the end of a secret. @internal */
export function isParsable(url: string): boolean {
  return [...url].every(character => character > ' ' && character !== '\u007f');
}
