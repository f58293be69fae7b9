import type { SandboxProcess } from 'sandbox';

/** What a test wants to be otherwise than in a portal that is configured well. @internal */
export interface ConfigChanges {
  authentik?: { baseUrl?: string; token?: string; signingKey?: string };
  gateway?: {
    url?: string;
    application?: string;
    adminGroup?: string;
    allowedGroups?: string[];
    testAccount?: { username: string; password: string };
  };
  target?: {
    rolloutTimeout?: string;
    restoreTimeout?: string;
    cluster?: { kubeconfig: string };
    settingsIn?: string;
    clientSecretIn?: string;
    configMap?: string;
    secret?: string;
  };
  /** A second gateway with this target beside that of "main". */
  second?: { deployment?: string };
  /** Instead of the cluster. */
  otherTarget?: { type: 'gatewayApi' | 'helmValues' | 'envFile' };
  /** Key of an administrator of the gateway. */
  apiKey?: string;
}

/** `app-config` of a portal whose one gateway "main" is the sandbox's. @internal */
export function gatewayConfig(
  { authentik, gateway, kubernetes }: SandboxProcess,
  changes: ConfigChanges = {},
) {
  const target = {
    type: 'kubernetes',
    cluster: { kubeconfig: kubernetes.kubeconfigPath },
    namespace: kubernetes.namespace,
    deployment: kubernetes.deployment,
    rolloutTimeout: 'PT30S',
  };
  return {
    hoopAuthentik: {
      authentik: [
        {
          name: 'default',
          baseUrl: authentik.url,
          // The small role has to suffice for everything.
          token: authentik.tokens.leastPrivilege,
          ...changes.authentik,
        },
      ],
      gateways: [
        {
          name: 'main',
          title: 'Company gateway',
          url: gateway.url,
          authentik: 'default',
          application: 'hoop',
          ...(changes.apiKey ? { apiKey: changes.apiKey } : {}),
          ...changes.gateway,
          target: changes.otherTarget ?? { ...target, ...changes.target },
        },
        ...(changes.second
          ? [
              {
                name: 'second',
                url: gateway.url,
                target: { ...target, ...changes.second },
              },
            ]
          : []),
      ],
    },
  };
}
