import { useTranslationRef } from '@backstage/frontend-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import Tooltip from '@material-ui/core/Tooltip';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import { Link } from '@backstage/core-components';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { useState } from 'react';
import type { Fixes } from '../../fixes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { isWebAddress } from '../shared/ExternalLink';

/** What is not the one thing to do now: as permitted, and as far as it applies to the state. @internal */
export function CardMenu(props: { integration: Integration; fixes: Fixes }) {
  const { integration, fixes } = props;
  const { gateway, application, state } = integration;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = () => setAnchor(null);

  const actions =
    state === 'not-connected' ? [] : (['rotate', 'disconnect'] as const);
  const items = [
    ...actions.flatMap(action => {
      const offered = fixes.offer({ action });
      if (!offered) {
        return [];
      }
      const { href, open } = offered;
      const start = () => {
        close();
        open?.();
      };
      return (
        <MenuItem
          key={action}
          onClick={start}
          {...(open ? {} : { component: Link, to: href })}
        >
          {t(`action.${action}`)}
        </MenuItem>
      );
    }),
    ...[
      application.exists && {
        text: t('menu.openApplication'),
        to: application.adminUrl,
      },
      { text: t('menu.openGateway'), to: gateway.url },
    ].flatMap(link =>
      link && isWebAddress(link.to) ? (
        <MenuItem
          key={link.text}
          onClick={close}
          component="a"
          href={link.to}
          target="_blank"
          rel="noopener"
        >
          {link.text}
        </MenuItem>
      ) : (
        []
      ),
    ),
  ];

  if (items.length === 0) {
    return null;
  }
  return (
    <>
      <Tooltip title={t('menu.label')}>
        <IconButton
          size="small"
          aria-label={t('menu.label')}
          aria-haspopup="menu"
          aria-expanded={Boolean(anchor)}
          onClick={event => setAnchor(event.currentTarget)}
        >
          <MoreVertIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu
        anchorEl={anchor}
        open={Boolean(anchor)}
        onClose={close}
        getContentAnchorEl={null}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        {items}
      </Menu>
    </>
  );
}
