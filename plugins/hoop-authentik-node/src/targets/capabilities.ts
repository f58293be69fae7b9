import type { GatewayTargetConfig } from '../config/types';
import type { TargetCapabilities } from './types';

/**
 * What each target can do: the one table that a new target adds a row to.
 *
 * @internal
 */
export const CAPABILITIES: Readonly<
  Record<GatewayTargetConfig['type'], TargetCapabilities>
> = {
  kubernetes: {
    keptIn: 'objects of the cluster',
    showsEnvironment: true,
    isStoredConfiguration: false,
    restartsGateway: true,
    fileMayHoldSecret: false,
    howToStore: 'Run the software template: it writes the settings.',
  },
  gatewayApi: {
    keptIn: 'the configuration that the gateway stores',
    showsEnvironment: false,
    isStoredConfiguration: true,
    restartsGateway: false,
    fileMayHoldSecret: false,
    howToStore:
      'Run the software template: it stores the settings in the gateway, where they take effect immediately.',
  },
  helmValues: {
    keptIn: 'a Helm values file or manifest in a repository',
    showsEnvironment: false,
    isStoredConfiguration: false,
    restartsGateway: false,
    fileMayHoldSecret: false,
    howToStore:
      'Use hoop:helmValues:patch, or hoop:manifest:patch for a ConfigMap or Secret, in a template that opens a pull request, then deploy the file.',
  },
  envFile: {
    keptIn: 'an env file of docker compose',
    showsEnvironment: false,
    isStoredConfiguration: false,
    restartsGateway: false,
    fileMayHoldSecret: true,
    howToStore:
      'Use hoop:envFile:patch on the file, then recreate the gateway with docker compose up -d.',
  },
};
