/** Timestamps of the Kubernetes API have a resolution of one second. @internal */
export function kubernetesTime(at: Date = new Date()): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
