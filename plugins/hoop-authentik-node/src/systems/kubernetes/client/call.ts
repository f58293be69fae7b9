/** The API server that a call is for, for messages. @internal */
export interface CalledServer {
  /** Its URL, or what it is instead. */
  server: string;
  /** The name by which the Kubernetes plugin knows its cluster, where the call goes through the proxy of that plugin. */
  behindPlugin?: string;
}

/**
 * A call to the API server, for messages.
 *
 * @internal
 */
export interface KubernetesCall extends CalledServer {
  /** RBAC verb. */
  verb: string;
  /** Plural resource name, with the subresource if there is one: `pods/log`. */
  resource: string;
  namespace: string;
  name?: string;
}

/** A call in words: `cannot patch secrets "x" in namespace "hoop" (https://cluster:6443)`. @internal */
export function describeCall(call: KubernetesCall): string {
  const object = call.name ? `${call.resource} "${call.name}"` : call.resource;
  return `cannot ${call.verb} ${object} in namespace "${call.namespace}" (${call.server})`;
}
