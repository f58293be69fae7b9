import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { Fragment } from 'react';
import { checksRouteRef } from '../../routes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { RelativeTime } from '../shared/RelativeTime';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: theme.spacing(0.75),
      paddingTop: theme.spacing(1),
      borderTop: `1px solid ${theme.palette.divider}`,
      color: theme.palette.text.secondary,
      fontSize: theme.typography.caption.fontSize,
    },
  }),
  { name: 'PluginHoopAuthentikCardFooter' },
);

/** How much was checked, when, and where to see all of it. @internal */
export function CardFooter({ integration }: { integration: Integration }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const checks = useRouteRef(checksRouteRef);
  const passed = integration.checks.filter(c => c.status === 'pass').length;
  const skipped = integration.checks.filter(c => c.status === 'skipped').length;

  const parts = [
    t('footer.passed', { count: passed }),
    skipped > 0 && t('footer.skipped', { count: skipped }),
    <RelativeTime time={integration.observedAt}>
      {distance => t('footer.checked', distance)}
    </RelativeTime>,
    checks && <Link to={checks()}>{t('footer.viewAll')}</Link>,
  ].filter(Boolean);

  return (
    <div className={classes.root}>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <span aria-hidden>·</span>}
          <span>{part}</span>
        </Fragment>
      ))}
    </div>
  );
}
