import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import Tooltip from '@material-ui/core/Tooltip';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import { forwardRef, type MouseEvent } from 'react';
import type { Fixes, TemplateAction } from '../../fixes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { isWebAddress } from './ExternalLink';

/** Opens a menu. @internal */
export const MenuButton = forwardRef<
  HTMLButtonElement,
  {
    label: string;
    expanded: boolean;
    onOpen: (event: MouseEvent<HTMLElement>) => void;
  }
>(function MenuButtonWithRef({ label, expanded, onOpen }, ref) {
  return (
    <Tooltip title={label}>
      <IconButton
        ref={ref}
        size="small"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={expanded}
        onClick={onOpen}
      >
        <MoreVertIcon fontSize="small" />
      </IconButton>
    </Tooltip>
  );
});

/** What the viewer can start, and where there is more to see. @internal */
export interface MenuContent {
  actions: readonly TemplateAction[];
  links: ReadonlyArray<{ text: string; to: string | undefined }>;
  fixes: Fixes;
}

/** Whether a menu would be empty. @internal */
export function isEmptyMenu({ actions, links, fixes }: MenuContent): boolean {
  return (
    !actions.some(action => fixes.offer({ action })) &&
    !links.some(({ to }) => to && isWebAddress(to))
  );
}

/** Templates and links of one gateway, as permitted. @internal */
export function ActionsMenu(
  props: MenuContent & { anchor: HTMLElement | null; onClose: () => void },
) {
  const { actions, links, fixes, anchor, onClose } = props;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <Menu
      anchorEl={anchor}
      open={Boolean(anchor)}
      onClose={onClose}
      getContentAnchorEl={null}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
      transformOrigin={{ vertical: 'top', horizontal: 'right' }}
    >
      {actions.flatMap(action => {
        const offered = fixes.offer({ action });
        if (!offered) {
          return [];
        }
        const { href, open } = offered;
        const start = () => {
          onClose();
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
      })}
      {links.flatMap(({ text, to }) =>
        to && isWebAddress(to) ? (
          <MenuItem
            key={text}
            onClick={onClose}
            component="a"
            href={to}
            target="_blank"
            rel="noopener"
          >
            {text}
          </MenuItem>
        ) : (
          []
        ),
      )}
    </Menu>
  );
}
