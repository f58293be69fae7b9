/**
 * Addresses and throwaway credentials of a running sandbox.
 * @public
 */
export interface SandboxInfo {
  /** Always true: nothing here is a real system. */
  sandbox: true;
  authentik: {
    url: string;
    token: string;
    tokens: { admin: string; leastPrivilege: string; noPermissions: string };
    version: string;
  };
  kubernetes: {
    url: string;
    token: string;
    kubeconfigPath: string;
    namespace: string;
    deployment: string;
  };
  gateway: {
    url: string;
    /** Break-glass key of an administrator. */
    apiKey: string;
    /** The local administrator of the gateway. */
    admin: { email: string; password: string };
  };
  control: { url: string };
  /** People who can sign in at authentik. */
  users: { username: string; password: string; groups: string[] }[];
}

/** @public */
export interface SandboxPorts {
  authentik?: number;
  kubernetes?: number;
  gateway?: number;
  control?: number;
}

/** @public */
export interface SandboxOptions {
  /** Fixed numbers by default; 0 takes a free port. */
  ports?: SandboxPorts;
  authentikVersion?: string;
  /** Where the kubeconfig is written; a temporary directory by default. */
  dataDir?: string;
  /** Time from a changed Deployment to its running container. */
  rolloutDelayMs?: number;
}
