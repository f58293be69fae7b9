import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { Checks } from './Checks';
import { Commands } from './Commands';
import { Facts } from './Facts';
import { ObservedAt } from './ObservedAt';

const useStyles = makeStyles(
  theme => ({
    summary: {
      margin: theme.spacing(0, 0, 2),
      fontSize: theme.typography.body2.fontSize,
    },
    // One column in half a page, two where the card has the whole width.
    columns: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 380px), 1fr))',
      gap: theme.spacing(2.5, 4),
      alignItems: 'start',
    },
    column: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2.5),
      minWidth: 0,
    },
    observed: { marginTop: theme.spacing(2) },
  }),
  { name: 'PluginHoopAuthentikDetails' },
);

/** Everything observed about one integration. @internal */
export function IntegrationDetails({
  integration,
}: {
  integration: Integration;
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <>
      <p className={classes.summary}>{t(`summary.${integration.state}`)}</p>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Facts integration={integration} />
          <Commands commands={integration.commands} />
        </div>
        <Checks checks={integration.checks} />
      </div>
      <div className={classes.observed}>
        <ObservedAt time={integration.observedAt} />
      </div>
    </>
  );
}
