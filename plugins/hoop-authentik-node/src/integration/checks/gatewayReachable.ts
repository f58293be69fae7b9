import { withValue, type CheckDefinition } from './check';

/** @internal */
export const gatewayReachable: CheckDefinition = {
  id: 'gateway.reachable',
  system: 'gateway',
  title: 'Gateway answers',
  why: 'Nothing about the gateway can be said while it does not answer.',
  mend: 'Make the gateway reachable for the backend at its url in app-config; where it does not start, its log says why.',
  preflight: false,
  run: ({ desired, observed }) =>
    withValue(observed.gateway.info, ({ version }) => ({
      status: 'pass',
      actual: version ? `version ${version}` : 'version not told',
      link: desired.gateway.url,
    })),
};
