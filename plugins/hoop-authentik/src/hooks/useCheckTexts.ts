import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useMemo } from 'react';
import { isTranslated } from '../checkMessages';
import { hoopAuthentikTranslationRef } from '../translation';

interface Told {
  id: string;
  title: string;
  remedy?: string;
}

/** Puts checks and problems into the language of the viewer, by their ids. @internal */
export function useCheckTexts(): <T extends Told>(one: T) => T {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return useMemo(
    () => one => {
      const { id, title, remedy } = one;
      return isTranslated(id)
        ? {
            ...one,
            title: t(`checkTitle.${id}`, { text: title }),
            ...(remedy && {
              remedy: t(`checkRemedy.${id}`, { text: remedy }),
            }),
          }
        : one;
    },
    [t],
  );
}
