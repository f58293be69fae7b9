import { SecretValue } from './SecretValue';
import { secretFormOf } from './secretForm';

describe('references to a secret are told from secrets', () => {
  it.each([
    'ref+k8s://v1/Secret/hoop/hoop-idp/IDP_CLIENT_SECRET',
    'ref+s3://bucket/secrets.yaml#/hoop/secret',
    'ref+tfstates3://bucket/state/output.hoop_secret',
    'ref+awsssm://hoop/secret?region=eu-central-1',
    'ref+vault://secret/hoop#/IDP_CLIENT_SECRET',
    'secretref+vault://secret/hoop#/IDP_CLIENT_SECRET',
    'secretref+k8s',
    'vault:secret/data/hoop#IDP_CLIENT_SECRET',
    '>>vault:secret/data/hoop#IDP_CLIENT_SECRET',
    'vault:secret/data/hoop#IDP_CLIENT_SECRET#2',
    'op://platform/hoop/client-secret',
    'op://platform/hoop-idp/section/secret',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:hoop-AbCdEf',
    'arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/hoop',
    'gcp:secretmanager:projects/acme/secrets/hoop/versions/latest',
    'azure:keyvault:acme/hoop-secret',
    'projects/acme/secrets/hoop/versions/4',
    'gcpsm://acme/hoop',
    '#{HoopClientSecret}#',
    '#{hoop.secret}',
    '$(HOOP_CLIENT_SECRET)',
    '${HOOP_CLIENT_SECRET}',
    '${HOOP_CLIENT_SECRET:-unset}',
    '$HOOP_CLIENT_SECRET',
    '$__file{/run/secrets/hoop}',
    'hoop-client-secret@azurekeyvault',
    'hoop@azurekeyvault?version=1',
    '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/hoop)',
    '<path:secret/data/hoop#IDP_CLIENT_SECRET>',
    '<IDP_CLIENT_SECRET>',
    '{{ requiredEnv "HOOP_CLIENT_SECRET" | quote }}',
    '{{ .Values.global.hoopSecret }}',
    '%HOOP_CLIENT_SECRET%',
    ' ${HOOP_CLIENT_SECRET}\n',
  ])('%j is a reference', text => {
    expect(secretFormOf(text)).toBe('reference');
  });

  it.each([
    'ENC[AES256_GCM,data:p673w==,iv:YY=,tag:bQ==,type:str]',
    'ENC[PKCS7,MIIBiQYJKoZIhvcNAQcDoIIB]',
    '$ANSIBLE_VAULT;1.1;AES256\n6238',
  ])('%j is encrypted', text => {
    expect(secretFormOf(text)).toBe('encrypted');
  });

  it.each([
    'aB3'.repeat(42),
    'hunter2',
    '12345',
    'https://id:hunter2@auth.company/',
    'postgres://hoop:hunter2@db/hoop',
    'a secret with blanks',
    'ref',
    'p@ssw0rd',
    'vault:secret',
    'abc{{x',
    '$1 and more',
    true,
    12345,
    { key: 'x' },
  ])('%j looks like a value', value => {
    expect(secretFormOf(value)).toBe('value');
  });

  it.each([undefined, null, ''])('%j is absent', value => {
    expect(secretFormOf(value)).toBe('absent');
  });

  it('the secret of authentik is a value, even where it has the form of a reference', () => {
    expect(secretFormOf('$ecret', new SecretValue('$ecret'))).toBe('value');
  });

  it('a text of any length is judged in no time', () => {
    const start = performance.now();
    secretFormOf(`\${${'x'.repeat(1e6)}`);
    secretFormOf(`vault:${'#'.repeat(2_000)} `);
    expect(performance.now() - start).toBeLessThan(100);
  });
});
