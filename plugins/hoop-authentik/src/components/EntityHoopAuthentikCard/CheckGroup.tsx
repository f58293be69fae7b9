import { useTranslationRef } from '@backstage/frontend-plugin-api';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type {
  Check,
  CheckStatus,
  CheckSystem,
} from 'backstage-plugin-hoop-authentik-common';
import { useState } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';
import { CheckItem } from './CheckItem';
import { StatusIcon } from './StatusIcon';

/** What needs attention comes first, worst on top. */
const ATTENTION: CheckStatus[] = ['fail', 'unknown', 'warn'];

const useStyles = makeStyles(
  theme => ({
    header: {
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      flexWrap: 'wrap',
      gap: theme.spacing(0, 2),
      minHeight: theme.spacing(3.5),
    },
    system: {
      margin: 0,
      fontSize: theme.typography.body2.fontSize,
      fontWeight: 600,
    },
    toggle: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      padding: theme.spacing(0.25, 0.5),
      borderRadius: 'var(--bui-radius-2)',
      color: theme.palette.text.secondary,
      fontFamily: 'inherit',
      fontSize: theme.typography.body2.fontSize,
      '&:hover': { backgroundColor: theme.palette.action.hover },
      '&:focus-visible': { outline: '2px solid currentColor' },
    },
    chevron: {
      transition: theme.transitions.create('transform', {
        duration: theme.transitions.duration.shortest,
      }),
    },
    chevronOpen: { transform: 'rotate(180deg)' },
    list: {
      listStyle: 'none',
      margin: 0,
      padding: theme.spacing(0.5, 0),
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1),
    },
  }),
  { name: 'PluginHoopAuthentikCheckGroup' },
);

/** The checks of one system: those in need of attention in full, the rest as a number that opens into a list. @internal */
export function CheckGroup(props: { system: CheckSystem; checks: Check[] }) {
  const { system, checks } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [open, setOpen] = useState(false);

  const attention = ATTENTION.flatMap(status => withStatus(checks, status));
  const passing = withStatus(checks, 'pass');
  const skipped = withStatus(checks, 'skipped');
  const quiet = [...passing, ...skipped];
  const quietSummary = useQuietSummary(passing.length, skipped.length);
  const name = t(`checks.system.${system}`);

  return (
    <>
      <div className={classes.header}>
        <h5 className={classes.system}>{name}</h5>
        {quiet.length > 0 && (
          <ButtonBase
            className={classes.toggle}
            aria-expanded={open}
            aria-label={`${name}: ${quietSummary}`}
            onClick={() => setOpen(current => !current)}
          >
            <StatusIcon status={quiet[0].status} decorative />
            {quietSummary}
            <ExpandMoreIcon
              fontSize="small"
              aria-hidden
              className={`${classes.chevron} ${
                open ? classes.chevronOpen : ''
              }`}
            />
          </ButtonBase>
        )}
      </div>
      {attention.length > 0 && (
        <ul className={classes.list}>
          {attention.map(check => (
            <CheckItem key={check.id} check={check} detailed />
          ))}
        </ul>
      )}
      {open && (
        <ul className={classes.list}>
          {quiet.map(check => (
            <CheckItem key={check.id} check={check} />
          ))}
        </ul>
      )}
    </>
  );
}

function withStatus(checks: Check[], status: CheckStatus): Check[] {
  return checks.filter(check => check.status === status);
}

function useQuietSummary(passing: number, skipped: number): string {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  if (passing === 0) {
    return t('checks.onlySkipped', { count: skipped });
  }
  if (skipped === 0) {
    return t('checks.passing', { count: passing });
  }
  return t('checks.passingAndSkipped', {
    passing: t('checks.passing', { count: passing }),
    skipped: t('checks.skipped', { count: skipped }),
  });
}
