import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { AccessRequest } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';

/** What a request asks for, in one line. @internal */
export function useRequestTitle(): (
  request: Pick<AccessRequest, 'kind' | 'gateway' | 'subject'>,
) => string {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  return ({ kind, gateway, subject }) =>
    kind === 'access' && subject
      ? t(`requests.title.${subject.kind}`, {
          gateway: gateway.title,
          name: subject.name,
        })
      : t('requests.title.connect', { gateway: gateway.title });
}
