import { withValue, type CheckDefinition } from './check';

/** @internal */
export const gatewayReachable: CheckDefinition = {
  id: 'gateway.reachable',
  system: 'gateway',
  title: 'Gateway answers',
  preflight: false,
  run: ({ desired, observed }) =>
    withValue(observed.gateway.info, ({ version }) => ({
      status: 'pass',
      actual: version ? `version ${version}` : 'version not told',
      link: desired.gateway.url,
    })),
};
