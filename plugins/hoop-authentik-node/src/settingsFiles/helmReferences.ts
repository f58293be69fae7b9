/**
 * What stands for a secret in a values file without being one: filled in by whatever renders the chart.
 */
const REFERENCES = [
  // envsubst, Flux postBuild
  /^\$\{[^{}]+\}$/,
  /^\$[A-Za-z_]\w*$/,
  // helm-secrets, vals
  /^ref\+[a-z]+:\/\//,
  // argocd-vault-plugin
  /^<[^<>]+>$/,
  // helmfile, Jinja and the like
  /^\{\{.*\}\}$/,
];

/**
 * What is written for the client secret where a Secret of the cluster carries the real one. Not empty, since the chart
 * refuses to render without a value.
 *
 * @public
 */
export const SECRET_PLACEHOLDER = 'set-by-existingSecret';

/**
 * Whether a value is a secret for everybody to read, and not a placeholder or a reference to one.
 *
 * @internal
 */
export function isClearSecret(value: unknown): boolean {
  if (value === undefined || value === null || value === '') {
    return false;
  }
  return !(
    typeof value === 'string' &&
    (value === SECRET_PLACEHOLDER ||
      REFERENCES.some(pattern => pattern.test(value.trim())))
  );
}
