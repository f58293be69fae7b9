import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { useState } from 'react';
import type { Fixes } from '../../fixes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ActionsMenu, isEmptyMenu, MenuButton } from '../shared/ActionsMenu';

/** What is not the one thing to do now: as permitted, and as far as it applies to the state. @internal */
export function CardMenu(props: { integration: Integration; fixes: Fixes }) {
  const { integration, fixes } = props;
  const { gateway, application, state } = integration;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);

  const content = {
    fixes,
    actions:
      state === 'not-connected' ? [] : (['rotate', 'disconnect'] as const),
    links: [
      {
        text: t('menu.openApplication'),
        to: application.exists ? application.adminUrl : undefined,
      },
      { text: t('menu.openGateway'), to: gateway.url },
    ],
  };
  if (isEmptyMenu(content)) {
    return null;
  }
  return (
    <>
      <MenuButton
        label={t('menu.label')}
        expanded={Boolean(anchor)}
        onOpen={event => setAnchor(event.currentTarget)}
      />
      <ActionsMenu
        {...content}
        anchor={anchor}
        onClose={() => setAnchor(null)}
      />
    </>
  );
}
