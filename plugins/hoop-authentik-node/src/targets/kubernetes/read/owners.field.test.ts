import type { ObjectMeta } from '../../../systems/kubernetes';
import {
  configMapOf,
  deploymentOf,
  secretOf,
} from '../__testUtils__/gatewayObjects';
import { isManaged, ownersOf } from './owners';

const OBJECTS = {
  Secret: secretOf({}, 'idp'),
  ConfigMap: configMapOf({}, 'idp'),
  Deployment: deploymentOf({}),
};

function ownersWith(
  metadata: Partial<ObjectMeta>,
  kind: keyof typeof OBJECTS = 'Secret',
) {
  const object = OBJECTS[kind];
  return ownersOf({
    ...object,
    metadata: { name: object.metadata.name, ...metadata },
  });
}

const ownedBy = (kind: string, name = 'hoop') => ({
  ownerReferences: [{ kind, name, uid: 'u' }],
});
const label = (key: string, value = 'x') => ({ labels: { [key]: value } });
const annotation = (key: string, value = 'x') => ({
  annotations: { [key]: value },
});
const managedBy = (value: string) =>
  label('app.kubernetes.io/managed-by', value);
const writtenBy = (manager: string, fieldsV1?: object) => ({
  managedFields: [{ manager, operation: 'Update', fieldsV1 }],
});

describe('Tools that deliver Secrets are recognised, with the object of theirs to change', () => {
  it.each<[string, string, Partial<ObjectMeta>, RegExp]>([
    [
      'External Secrets: owner',
      'External Secrets',
      ownedBy('ExternalSecret'),
      /store that the ExternalSecret "hoop" reads/,
    ],
    [
      'External Secrets: annotation, creationPolicy Merge',
      'External Secrets',
      annotation('reconcile.external-secrets.io/data-hash'),
      /store that the ExternalSecret reads/,
    ],
    [
      'External Secrets: field manager',
      'External Secrets',
      writtenBy('externalsecrets.external-secrets.io/hoop'),
      /ExternalSecret/,
    ],
    [
      'Vault Secrets Operator: owner',
      'Vault Secrets Operator',
      ownedBy('VaultStaticSecret'),
      /in Vault that the VaultStaticSecret "hoop" reads/,
    ],
    [
      'Vault Secrets Operator: label',
      'Vault Secrets Operator',
      managedBy('hashicorp-vso'),
      /in Vault/,
    ],
    [
      'Sealed Secrets: owner',
      'Sealed Secrets',
      ownedBy('SealedSecret'),
      /into the SealedSecret "hoop" in Git/,
    ],
    [
      'Sealed Secrets: annotation',
      'Sealed Secrets',
      annotation('sealedsecrets.bitnami.com/managed', 'true'),
      /SealedSecret/,
    ],
    [
      'Secrets Store CSI: label, owned by its pods',
      'the Secrets Store CSI driver',
      {
        ...label('secrets-store.csi.k8s.io/managed', 'true'),
        ...ownedBy('ReplicaSet'),
      },
      /SecretProviderClass/,
    ],
    [
      '1Password: owner',
      '1Password',
      ownedBy('OnePasswordItem'),
      /1Password that the OnePasswordItem "hoop" reads/,
    ],
    [
      '1Password: annotation',
      '1Password',
      annotation('operator.1password.io/item-path', 'vaults/a/items/b'),
      /1Password that the "vaults\/a\/items\/b" reads/,
    ],
    [
      'Doppler: annotation',
      'Doppler',
      annotation('secrets.doppler.com/version'),
      /Doppler/,
    ],
    [
      'Doppler: label',
      'Doppler',
      label('secrets.doppler.com/subtype', 'dopplerSecret'),
      /Doppler/,
    ],
    [
      'Infisical: owner',
      'Infisical',
      ownedBy('InfisicalSecret'),
      /InfisicalSecret "hoop"/,
    ],
    [
      'Reflector: a copy',
      'Reflector',
      annotation('reflector.v1.k8s.emberstack.com/reflects', 'vault/idp'),
      /a copy of, "vault\/idp"/,
    ],
    [
      'Replicator: a copy',
      'Kubernetes Replicator',
      annotation('replicator.v1.mittwald.de/replicate-from', 'vault/idp'),
      /a copy of, "vault\/idp"/,
    ],
  ])('%s', (_, tool, metadata, advice) => {
    expect(ownersWith(metadata)).toEqual([
      {
        tool,
        object: 'Secret "idp"',
        detail: expect.any(String),
        advice: expect.stringMatching(advice),
        delivers: true,
      },
    ]);
  });
});

describe('Tools that deploy objects are recognised', () => {
  const contents = { 'f:data': { 'f:IDP_ISSUER': {} } };

  it.each<[string, string, Partial<ObjectMeta>]>([
    ['Terraform: label', 'Terraform', managedBy('Terraform')],
    [
      'Terraform: typed resource',
      'Terraform',
      writtenBy('HashiCorp', contents),
    ],
    ['Terraform: manifest', 'Terraform', writtenBy('Terraform')],
    [
      'Pulumi: annotation',
      'Pulumi',
      annotation('pulumi.com/autonamed', 'true'),
    ],
    [
      'Pulumi: field manager',
      'Pulumi',
      writtenBy('pulumi-kubernetes-1a2b', contents),
    ],
    ['kapp: label', 'kapp', label('kapp.k14s.io/app', '1700')],
    [
      'kapp: identity',
      'kapp',
      annotation('kapp.k14s.io/identity', 'v1;hoop//ConfigMap/idp;v1'),
    ],
    [
      'Rancher Fleet: annotation',
      'Rancher Fleet',
      annotation('objectset.rio.cattle.io/id', 'default-hoop'),
    ],
    [
      'Rancher Fleet: label',
      'Rancher Fleet',
      label('fleet.cattle.io/bundle-name', 'hoop'),
    ],
    ['kluctl: label', 'kluctl', label('kluctl.io/discriminator', 'hoop')],
    ['kluctl: field manager', 'kluctl', writtenBy('kluctl', contents)],
    [
      'Config Sync: annotation',
      'Config Sync',
      annotation('configmanagement.gke.io/managed', 'enabled'),
    ],
    ['Config Sync: label', 'Config Sync', managedBy('configmanagement.gke.io')],
    [
      'Kyverno: a generated object',
      'Kyverno',
      label('generate.kyverno.io/policy-name', 'copy-idp'),
    ],
    [
      'Crossplane: composite',
      'Crossplane',
      label('crossplane.io/composite', 'hoop-x'),
    ],
  ])('%s', (_, tool, metadata) => {
    for (const kind of ['ConfigMap', 'Secret', 'Deployment'] as const) {
      expect(ownersWith(metadata, kind)).toEqual([
        expect.objectContaining({
          tool,
          advice: expect.stringMatching(/^change /),
        }),
      ]);
      expect(ownersWith(metadata, kind)[0].uncertain).toBeUndefined();
    }
  });
});

describe('Where a tool may leave an edit alone, it is only warned of', () => {
  it.each<[string, Partial<ObjectMeta>, string]>([
    ['any managed-by', managedBy('platform-team'), '"platform-team"'],
    ['kustomize', managedBy('kustomize-v5.4.1'), '"kustomize-v5.4.1"'],
    ['a managed-by with a line break', managedBy('a\nb'), '"a\\nb"'],
    [
      'Terraform wrote only labels',
      writtenBy('Terraform', { 'f:metadata': { 'f:labels': {} } }),
      'Terraform',
    ],
    [
      'Pulumi wrote only replicas',
      writtenBy('pulumi-kubernetes', { 'f:spec': { 'f:replicas': {} } }),
      'Pulumi',
    ],
  ])('%s', (_, metadata, tool) => {
    const owners = ownersWith(metadata, 'ConfigMap');
    expect(owners).toEqual([
      expect.objectContaining({ tool, uncertain: true }),
    ]);
    expect(
      isManaged({ ...OBJECTS.ConfigMap, metadata: { name: 'x', ...metadata } }),
    ).toBe(false);
  });
});

describe('Marks that claim nothing are no owner', () => {
  it.each<[string, Partial<ObjectMeta>, keyof typeof OBJECTS]>([
    ['no marks', {}, 'Secret'],
    ['our own objects', managedBy('backstage-hoop-authentik'), 'Secret'],
    [
      'a Deployment that Doppler restarts',
      annotation('secrets.doppler.com/reload', 'true'),
      'Deployment',
    ],
    [
      'a Deployment that 1Password restarts',
      annotation('operator.1password.io/auto-restart', 'true'),
      'Deployment',
    ],
    [
      'a Deployment that Reloader restarts',
      annotation('reloader.stakater.com/auto', 'true'),
      'Deployment',
    ],
    [
      'a source that Reflector may copy',
      annotation('reflector.v1.k8s.emberstack.com/reflection-allowed', 'true'),
      'Secret',
    ],
    [
      'a source that Kyverno copies',
      label('generate.kyverno.io/clone-source', ''),
      'Secret',
    ],
    [
      'a Secret that Sealed Secrets may take over',
      annotation('sealedsecrets.bitnami.com/managed', 'false'),
      'Secret',
    ],
    ['kubectl', writtenBy('kubectl-edit'), 'ConfigMap'],
    ['our own writes', writtenBy('backstage-hoop-authentik'), 'ConfigMap'],
  ])('%s', (_, metadata, kind) => {
    expect(ownersWith(metadata, kind)).toEqual([]);
  });
});
