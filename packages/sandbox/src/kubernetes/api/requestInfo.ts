import { findResourceType, ResourceType } from '../resources';

/** @internal */
export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection';

/** What a request on a resource path is about. @internal */
export interface ResourceRequest {
  type: ResourceType;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: URLSearchParams;
}

/** What a path names, served or not. @internal */
export interface PathParts {
  group: string;
  version: string;
  namespace: string | undefined;
  plural: string;
  name: string | undefined;
  subresource: string | undefined;
}

/** Undefined for paths that name no resource. @internal */
export function parsePath(url: URL): PathParts | undefined {
  const [root, ...parts] = url.pathname
    .split('/')
    .filter(Boolean)
    .map(part => decodeURIComponent(part));
  if (root !== 'api' && root !== 'apis') {
    return undefined;
  }
  const group = root === 'apis' ? parts.shift() ?? '' : '';
  const version = parts.shift() ?? '';
  let namespace: string | undefined;
  // `/namespaces/x` names the namespace itself, `/namespaces/x/pods` something in it.
  if (parts[0] === 'namespaces' && parts.length > 2) {
    namespace = parts[1];
    parts.splice(0, 2);
  }
  const [plural, name, subresource, ...rest] = parts;
  return plural === undefined || rest.length > 0
    ? undefined
    : { group, version, namespace, plural, name, subresource };
}

/** Undefined where the resource is not served. @internal */
export function resourceRequest(
  { group, version, plural, ...parts }: PathParts,
  query: URLSearchParams,
): ResourceRequest | undefined {
  const type = findResourceType(group, version, plural);
  return !type ||
    (parts.name !== undefined &&
      type.namespaced &&
      parts.namespace === undefined)
    ? undefined
    : { type, ...parts, query };
}

/** @internal */
export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

/** The verb the authorizer is asked about, or undefined where the method does not fit. @internal */
export function verbOf(
  method: string,
  { name }: { name: string | undefined },
  query: URLSearchParams,
): Verb | undefined {
  const hasName = name !== undefined;
  switch (method) {
    case 'GET':
      if (isTrue(query.get('watch'))) {
        return 'watch';
      }
      return hasName ? 'get' : 'list';
    case 'POST':
      return hasName ? undefined : 'create';
    case 'PUT':
      return hasName ? 'update' : undefined;
    case 'PATCH':
      return hasName ? 'patch' : undefined;
    case 'DELETE':
      return hasName ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}
