import type { KubernetesObject } from '../../../systems/kubernetes';

/** Advice for whatever a Helm chart renders. @internal */
export const VALUES_FILE =
  'change its values file in Git with the action hoop:helmValues:patch';

/** What a tool leaves on the objects that it manages, any of which shows it. @internal */
export interface OwnerMarks {
  tool: string;
  /** Kinds of objects it manages; default all. */
  kinds?: KubernetesObject['kind'][];
  /** Labels and annotations: a key, a key with its value after `=`, or the beginning of keys, which ends with `*`. */
  marks?: string[];
  /** Values of `app.kubernetes.io/managed-by`, in lower case. */
  managedBy?: string[];
  /** Beginnings of names of field managers. */
  managers?: string[];
  /** Kinds of owner references; the one found names the object to change. */
  ownerKinds?: string[];
  /** Labels and annotations that name what it is generated from. */
  named?: string[];
  /** It brings values from a store. */
  delivers?: boolean;
  /** What to change instead, as part of a sentence. */
  advice: (source: string) => string;
}

/**
 * Tools that restore what they manage, by the marks that they document. Helm, Argo CD and Flux have rules of their own.
 *
 * @internal
 */
export const OWNER_MARKS: OwnerMarks[] = [
  {
    tool: 'External Secrets',
    delivers: true,
    kinds: ['Secret', 'ConfigMap'],
    marks: ['reconcile.external-secrets.io/*'],
    managers: ['externalsecrets.external-secrets.io'],
    ownerKinds: ['ExternalSecret'],
    advice: source =>
      `change the value in the store that the ${
        source || 'ExternalSecret'
      } reads`,
  },
  {
    tool: 'Vault Secrets Operator',
    delivers: true,
    kinds: ['Secret'],
    marks: ['secrets.hashicorp.com/*'],
    managedBy: ['hashicorp-vso'],
    ownerKinds: [
      'VaultStaticSecret',
      'VaultDynamicSecret',
      'VaultPKISecret',
      'HCPVaultSecretsApp',
    ],
    advice: source =>
      `change the value in Vault that the ${
        source || 'VaultStaticSecret'
      } reads`,
  },
  {
    tool: 'Sealed Secrets',
    delivers: true,
    kinds: ['Secret'],
    marks: ['sealedsecrets.bitnami.com/managed=true'],
    ownerKinds: ['SealedSecret'],
    advice: source =>
      `seal the new value into the ${source || 'SealedSecret'} in Git`,
  },
  {
    tool: 'the Secrets Store CSI driver',
    delivers: true,
    kinds: ['Secret'],
    marks: ['secrets-store.csi.k8s.io/managed=true'],
    ownerKinds: ['SecretProviderClass', 'SecretProviderClassPodStatus'],
    advice: () =>
      'change the value in the store that the SecretProviderClass reads',
  },
  {
    tool: '1Password',
    delivers: true,
    kinds: ['Secret'],
    marks: ['operator.1password.io/*'],
    ownerKinds: ['OnePasswordItem'],
    named: ['operator.1password.io/item-path'],
    advice: source =>
      `change the item in 1Password that the ${
        source || 'OnePasswordItem'
      } reads`,
  },
  {
    tool: 'Doppler',
    delivers: true,
    kinds: ['Secret'],
    marks: ['secrets.doppler.com/*'],
    ownerKinds: ['DopplerSecret'],
    advice: source =>
      `change the value in Doppler that the ${source || 'DopplerSecret'} reads`,
  },
  {
    tool: 'Infisical',
    delivers: true,
    kinds: ['Secret', 'ConfigMap'],
    marks: ['secrets.infisical.com/*'],
    ownerKinds: ['InfisicalSecret', 'InfisicalStaticSecret'],
    advice: source =>
      `change the value in Infisical that the ${
        source || 'InfisicalSecret'
      } reads`,
  },
  {
    tool: 'Reflector',
    delivers: true,
    kinds: ['Secret', 'ConfigMap'],
    marks: ['reflector.v1.k8s.emberstack.com/reflects'],
    named: ['reflector.v1.k8s.emberstack.com/reflects'],
    advice: source =>
      `change the object that it is a copy of${source ? `, ${source}` : ''}`,
  },
  {
    tool: 'Kubernetes Replicator',
    delivers: true,
    kinds: ['Secret', 'ConfigMap'],
    marks: [
      'replicator.v1.mittwald.de/replicate-from',
      'replicator.v1.mittwald.de/replicated-from*',
    ],
    named: ['replicator.v1.mittwald.de/replicate-from'],
    advice: source =>
      `change the object that it is a copy of${source ? `, ${source}` : ''}`,
  },
  {
    tool: 'Terraform',
    marks: ['app.terraform.io/*'],
    managedBy: ['terraform', 'opentofu'],
    // The provider's typed resources write with its user agent, and its manifests with a name of their own.
    managers: ['Terraform', 'HashiCorp', 'terraform-provider', 'OpenTofu'],
    advice: () => 'change its resource in the Terraform configuration',
  },
  {
    tool: 'Pulumi',
    marks: ['pulumi.com/*'],
    managedBy: ['pulumi'],
    managers: ['pulumi-kubernetes', 'pulumi-resource-kubernetes'],
    advice: () => 'change its resource in the Pulumi program',
  },
  {
    tool: 'kapp',
    marks: [
      'kapp.k14s.io/app',
      'kapp.k14s.io/identity',
      'kapp.k14s.io/association',
    ],
    managedBy: ['kapp', 'kapp-controller'],
    advice: () => 'change its manifest and deploy the app with kapp',
  },
  {
    tool: 'Rancher Fleet',
    marks: ['objectset.rio.cattle.io/*', 'fleet.cattle.io/*'],
    managedBy: ['fleet', 'rancher-fleet'],
    managers: ['fleetagent', 'fleet-agent'],
    named: ['objectset.rio.cattle.io/id'],
    advice: () =>
      'change its manifest or values in the Git repository of the Fleet bundle',
  },
  {
    tool: 'kluctl',
    marks: [
      'kluctl.io/discriminator',
      'kluctl.io/deployment*',
      'kluctl.io/target*',
    ],
    managedBy: ['kluctl'],
    managers: ['kluctl'],
    advice: () => 'change its manifest in the kluctl project',
  },
  {
    tool: 'Config Sync',
    marks: ['configmanagement.gke.io/managed=enabled', 'configsync.gke.io/*'],
    managedBy: ['configmanagement.gke.io'],
    managers: ['configsync.gke.io', 'configsync'],
    advice: () =>
      'change its manifest in the Git repository that Config Sync reads',
  },
  {
    tool: 'Kyverno',
    marks: ['generate.kyverno.io/policy-name'],
    managedBy: ['kyverno'],
    named: ['generate.kyverno.io/policy-name'],
    advice: source =>
      `change the object or policy that it is generated from${
        source ? `, ${source}` : ''
      }`,
  },
  {
    tool: 'Crossplane',
    marks: ['crossplane.io/*'],
    managedBy: ['crossplane'],
    managers: ['crossplane', 'apiextensions.crossplane.io'],
    advice: () => 'change the composite resource or claim that it belongs to',
  },
];
