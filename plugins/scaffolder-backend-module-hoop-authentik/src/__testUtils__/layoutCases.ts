import type { ConfigChanges } from './gatewayConfig';

/** One of the ways to set a gateway up, with how it is connected. @internal */
export interface LayoutCase {
  /** In `__fixtures__/layouts`. */
  file: string;
  target?: ConfigChanges['target'];
  allowManaged?: boolean;
  /** The objects that change, and the Deployment, in order. */
  writes: string[];
  /** Why it is disconnected elsewhere. */
  disconnectRefused?: RegExp;
}

const WIRE = 'PATCH deployments/hoopgateway';
/** What a switch says of itself on the Deployment, once it is verified. */
const FORGET = WIRE;

/** Edits objects in place, whose previous values are kept until the switch is verified. */
const inPlace = (...writes: string[]) => [
  'POST secrets',
  ...writes,
  'DELETE secrets/hoopgateway-idp-previous',
  FORGET,
];

/** @internal */
export const LAYOUT_CASES: LayoutCase[] = [
  {
    file: 'own-objects.yaml',
    writes: ['POST secrets', 'POST configmaps', WIRE, FORGET],
  },
  {
    file: 'own-objects.yaml',
    target: { settingsIn: 'secret' },
    writes: ['POST secrets', WIRE, FORGET],
  },
  {
    file: 'own-objects.yaml',
    target: { clientSecretIn: 'configMap' },
    writes: ['POST configmaps', WIRE, FORGET],
  },
  {
    file: 'chart.yaml',
    target: { settingsIn: 'secret', secret: 'hoop-config' },
    allowManaged: true,
    writes: inPlace('PATCH secrets/hoop-config', WIRE),
  },
  {
    file: 'chart-existing-secret.yaml',
    target: { settingsIn: 'secret' },
    writes: inPlace('PATCH secrets/hoop-extra', WIRE),
  },
  {
    file: 'chart-existing-secret-idp.yaml',
    target: { settingsIn: 'secret' },
    writes: inPlace('PATCH secrets/hoop-idp', WIRE),
  },
  {
    file: 'chart-existing-secret-only.yaml',
    target: { settingsIn: 'secret' },
    writes: inPlace('PATCH secrets/hoop-idp', WIRE),
  },
  {
    file: 'chart-patched-values.yaml',
    target: { settingsIn: 'secret' },
    writes: inPlace('PATCH secrets/hoop-idp', WIRE),
    disconnectRefused: /key "IDP_ISSUER" of Secret "hoop-config"/,
  },
  {
    file: 'guide-configmap.yaml',
    target: { clientSecretIn: 'configMap' },
    writes: inPlace('PATCH configmaps/hoop-config', WIRE),
  },
  {
    // The client secret moves to a Secret.
    file: 'guide-configmap.yaml',
    writes: inPlace('POST secrets', WIRE, 'PATCH configmaps/hoop-config', WIRE),
  },
  {
    file: 'one-secret.yaml',
    target: { settingsIn: 'secret' },
    writes: inPlace('PATCH secrets/hoop-env', WIRE),
  },
  {
    file: 'configmap-and-secret.yaml',
    writes: inPlace(
      'PATCH configmaps/hoop-env',
      'PATCH secrets/hoop-secrets',
      'PATCH configmaps/hoop-env',
      WIRE,
    ),
  },
  {
    file: 'configmap-of-two.yaml',
    writes: inPlace(
      'POST secrets',
      'PATCH configmaps/hoop-env',
      WIRE,
      'PATCH configmaps/hoop-env',
      WIRE,
    ),
  },
  {
    file: 'secret-of-two.yaml',
    writes: inPlace(
      'POST configmaps',
      WIRE,
      'PATCH secrets/hoop-secrets',
      'PATCH configmaps/hoopgateway-idp',
      WIRE,
    ),
  },
  {
    file: 'immutable.yaml',
    writes: ['POST secrets', 'POST configmaps', WIRE, FORGET],
  },
  {
    file: 'keys-one-by-one.yaml',
    target: { configMap: 'hoop-env', secret: 'hoop-secrets' },
    writes: inPlace(
      'PATCH secrets/hoop-secrets',
      'PATCH configmaps/hoop-env',
      WIRE,
    ),
  },
];

/** For the title of a test. @internal */
export function titleOf({ file, target = {} }: LayoutCase): string {
  const settings = Object.entries(target)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  return settings ? `${file} with ${settings}` : file;
}
