import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { CertificateSummary } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../translation';
import { NameField } from './NameField';
import { useLookup, type LoadArguments } from './useLookup';
import type { Translate } from './validate';

/** A certificate of the gateway's authentik, by name. @internal */
export function CertificateField(props: FieldExtensionComponentProps<string>) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const request = useLookup(props.formContext?.formData, loadCertificates);

  return (
    <NameField
      field={props}
      options={(request.value ?? []).map(certificate => ({
        value: certificate.name,
        aside: describe(certificate, t),
        unusable: certificate.usable
          ? undefined
          : t('fields.unusableCertificate'),
      }))}
      request={request}
      unlisted={t('fields.certificatesUnlisted')}
    />
  );
}

function describe(
  { keyType, expiresAt, usedBy }: CertificateSummary,
  t: Translate,
): string {
  return [
    keyType?.toLocaleUpperCase('en-US'),
    expiresAt
      ? t('fields.expires', { on: new Date(expiresAt) })
      : t('fields.neverExpires'),
    usedBy.length === 0
      ? t('fields.unused')
      : t('fields.usedBy', { names: usedBy.join(', ') }),
  ]
    .filter(Boolean)
    .join(' · ');
}

async function loadCertificates(...[api, attachment, options]: LoadArguments) {
  return api.listCertificates(attachment.gateway, {}, options);
}
