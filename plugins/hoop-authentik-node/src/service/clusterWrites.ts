/** What a container reads only when it starts. */
const READ_AT_START = ['ConfigMap', 'Secret'];

/**
 * Whether a write to the cluster may change what the gateway answers: it restarts by a changed pod template, and neither by
 * what it reads when it starts nor by an annotation of its Deployment.
 *
 * @param write - the parameters of a write of the Kubernetes client
 * @internal
 */
export function mayRestartGateway([kind, , , patch]: unknown[]): boolean {
  if (typeof kind === 'string' && READ_AT_START.includes(kind)) {
    return false;
  }
  const { body } = Object(patch) as { body?: unknown };
  const fields = Object.keys(Object(body));
  return !(
    kind === 'Deployment' &&
    fields.length > 0 &&
    fields.every(field => field === 'metadata')
  );
}
