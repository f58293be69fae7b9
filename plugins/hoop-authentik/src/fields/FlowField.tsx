import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useCallback } from 'react';
import { hoopAuthentikTranslationRef } from '../translation';
import { NameField } from './NameField';
import { useLookup, type LoadArguments } from './useLookup';
import { optionsOf } from './validate';

/** A flow of the gateway's authentik, by slug; the option `designation` narrows the list. @internal */
export function FlowField(props: FieldExtensionComponentProps<string>) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const designation = designationOf(optionsOf(props.uiSchema));
  const request = useLookup(
    props.formContext?.formData,
    useCallback(
      async (...[api, attachment, options]: LoadArguments) =>
        api.listFlows(attachment.gateway, { designation }, options),
      [designation],
    ),
  );

  return (
    <NameField
      field={props}
      options={(request.value ?? []).map(({ slug, name }) => ({
        value: slug,
        label: name,
        aside: slug,
      }))}
      request={request}
      unlisted={t('fields.flowsUnlisted')}
    />
  );
}

/** @internal */
export function designationOf({
  designation,
}: Record<string, unknown>): string | undefined {
  return typeof designation === 'string' ? designation : undefined;
}
