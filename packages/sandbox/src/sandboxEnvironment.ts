import type { SandboxInfo } from './sandboxTypes';

/**
 * The environment variables through which app-config.yaml of this repository finds the systems of a sandbox.
 *
 * @public
 */
export function sandboxEnvironment(
  sandbox: Pick<SandboxInfo, 'authentik' | 'gateway' | 'kubernetes'>,
): Record<string, string> {
  return {
    AUTHENTIK_URL: sandbox.authentik.url,
    // The documented role, not an administrator: whatever runs on the sandbox shows that the role suffices.
    AUTHENTIK_TOKEN: sandbox.authentik.tokens.leastPrivilege,
    HOOP_URL: sandbox.gateway.url,
    KUBECONFIG: sandbox.kubernetes.kubeconfigPath,
  };
}
