import type { SandboxProcess } from 'sandbox';

/** What a test wants to be otherwise than in a portal that is configured well. @internal */
export interface ConfigChanges {
  authentik?: { baseUrl?: string; token?: string };
  gateway?: { url?: string; adminGroup?: string; allowedGroups?: string[] };
  target?: { rolloutTimeout?: string; cluster?: { kubeconfig: string } };
}

/** `app-config` of a portal whose one gateway "main" is the sandbox's. @internal */
export function gatewayConfig(
  { authentik, gateway, kubernetes }: SandboxProcess,
  changes: ConfigChanges = {},
) {
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
          ...changes.gateway,
          target: {
            type: 'kubernetes',
            cluster: { kubeconfig: kubernetes.kubeconfigPath },
            namespace: kubernetes.namespace,
            deployment: kubernetes.deployment,
            rolloutTimeout: 'PT30S',
            ...changes.target,
          },
        },
      ],
    },
  };
}
