import { SecretValue } from './SecretValue';

/**
 * What stands in the place of a secret: nothing, a reference that another tool replaces by the secret, the secret in
 * encrypted form, or what looks like a value.
 *
 * @internal
 */
export type SecretForm = 'absent' | 'reference' | 'encrypted' | 'value';

const REFERENCES = [
  // Variables of a shell, envsubst, Flux postBuild, kubelet, Grafana: $X, ${X}, $(X), $__file{x}
  /^\$\w*[{(].*[)}]$/,
  /^\$[A-Za-z_]\w*$/,
  // Tokens of pipelines: #{x}#, <path:x>, <%= x %>, {{ x }}, %X%
  /^#\{[^{}]+\}#?$/,
  /^<[^<>]+>$/,
  /^\{\{.*\}\}$/,
  /^%[A-Za-z_]\w*%$/,
  // vals, helmfile and helm-secrets: ref+vault://x, secretref+x
  /^(secret)?ref\+\S+$/,
  // Addresses in a secret store, such as op://vault/item/field; an address of a server may hold a password.
  /^(?!https?:|wss?:|postgres|mysql|redis|amqp|mongodb|ldap)[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  // bank-vaults
  /^(>>)?vault:\S+#\S+$/,
  // secrets-init and the like: gcp:secretmanager:x, azure:keyvault:x
  /^(aws|gcp|azure|alicloud|oci):[a-z-]+:\S+$/i,
  /^arn:aws[\w-]*:(secretsmanager|ssm|kms):\S+$/,
  /^projects\/[^/\s]+\/secrets\/[^/\s]+(\/versions\/[^/\s]+)?$/,
  // akv2k8s, Azure App Service
  /^[^@\s]+@azurekeyvault(\?\S*)?$/i,
  /^@Microsoft\.KeyVault\(.*\)$/i,
];

/** SOPS, hiera-eyaml, Ansible Vault, PGP and age. */
const ENCRYPTED = /^(ENC\[|\$ANSIBLE_VAULT;|-----BEGIN (PGP|AGE) )/;

/** A longer text is no reference, and does not have to be matched. */
const LONGEST_REFERENCE = 2_048;

/**
 * Distinguishes a secret from what only stands for one, by the syntax of the tools that deliver secrets; pure.
 *
 * @param known - the secret itself, which is a value whatever it looks like
 * @internal
 */
export function secretFormOf(value: unknown, known?: SecretValue): SecretForm {
  const found = value instanceof SecretValue ? value.reveal() : value;
  if (found === undefined || found === null || found === '') {
    return 'absent';
  }
  if (typeof found !== 'string' || known?.equals(found)) {
    return 'value';
  }
  const text = found.trim();
  if (ENCRYPTED.test(text)) {
    return 'encrypted';
  }
  return text.length <= LONGEST_REFERENCE &&
    REFERENCES.some(pattern => pattern.test(text))
    ? 'reference'
    : 'value';
}
