import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequest } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { RelativeTime } from '../shared/RelativeTime';
import { RequestPill } from './RequestPill';
import { useRequestTitle } from './useRequestTitle';

const useStyles = makeStyles(
  theme => ({
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      '& > li': {
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: theme.spacing(0.5, 1.5),
        padding: theme.spacing(1, 0),
        borderTop: `1px solid ${theme.palette.divider}`,
        fontSize: theme.typography.body2.fontSize,
        overflowWrap: 'anywhere',
      },
      '& > li:first-child': { borderTop: 0 },
    },
    open: {
      font: 'inherit',
      fontWeight: 600,
      textAlign: 'start',
      color: theme.palette.primary.main,
      textDecoration: 'underline',
      '&:focus-visible': { outline: '2px solid currentColor' },
    },
    aside: { color: theme.palette.text.secondary },
    comment: { flexBasis: '100%', color: theme.palette.text.secondary },
  }),
  { name: 'PluginHoopAuthentikRequestList' },
);

/** Requests, each of which opens in the drawer. @internal */
export function RequestList(props: {
  items: readonly AccessRequest[];
  onOpen: (id: string) => void;
}) {
  const { items, onOpen } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const titleOf = useRequestTitle();

  return (
    <ul className={classes.list}>
      {items.map(request => (
        <li key={request.id}>
          <RequestPill state={request.state} />
          <ButtonBase
            className={classes.open}
            aria-haspopup="dialog"
            onClick={() => onOpen(request.id)}
          >
            {titleOf(request)}
          </ButtonBase>
          <span className={classes.aside}>
            <EntityRefLink entityRef={request.requester} defaultKind="user" />{' '}
            <RelativeTime time={request.createdAt}>
              {distance => t('history.at', distance)}
            </RelativeTime>
          </span>
          {(request.comment ?? request.failure) && (
            <span className={classes.comment}>
              {request.failure ?? request.comment}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
