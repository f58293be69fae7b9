import type { SandboxProcess } from 'sandbox';

/** `app-config` of a portal whose one gateway "main" is the sandbox's, with other fields of it as given. @internal */
export function gatewayConfig(
  { authentik, gateway, kubernetes }: SandboxProcess,
  fields: object = {},
) {
  return {
    hoopAuthentik: {
      authentik: [
        { baseUrl: authentik.url, token: authentik.tokens.leastPrivilege },
      ],
      gateways: [
        {
          name: 'main',
          url: gateway.url,
          application: 'hoop',
          target: {
            type: 'kubernetes',
            cluster: { kubeconfig: kubernetes.kubeconfigPath },
            namespace: kubernetes.namespace,
            deployment: kubernetes.deployment,
          },
          ...fields,
        },
      ],
    },
  };
}
