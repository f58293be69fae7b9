import { useTranslationRef } from '@backstage/frontend-plugin-api';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import { useId, useState, type ReactNode } from 'react';
import { FixButton, type Fixes } from '../../fixes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ExternalLink, isWebAddress } from '../shared/ExternalLink';
import { StatusIcon } from '../shared/StatusIcon';

const useStyles = makeStyles(
  theme => ({
    root: {
      borderTop: `1px solid ${theme.palette.divider}`,
      fontSize: theme.typography.body2.fontSize,
    },
    line: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr) 136px',
      alignItems: 'center',
      gap: theme.spacing(0, 2),
      [theme.breakpoints.down('sm')]: {
        gridTemplateColumns: 'minmax(0, 1fr)',
        paddingBottom: theme.spacing(0.5),
      },
    },
    fix: { paddingInlineStart: theme.spacing(0.5) },
    toggle: {
      minWidth: 0,
      display: 'grid',
      gridTemplateColumns: 'auto 90px minmax(0, 5fr) minmax(0, 6fr) auto',
      alignItems: 'center',
      gap: theme.spacing(1.5),
      padding: theme.spacing(1, 0.5),
      textAlign: 'start',
      fontFamily: 'inherit',
      fontSize: 'inherit',
      lineHeight: 1.43,
      '&:hover': { backgroundColor: theme.palette.action.hover },
      '&:focus-visible': { outline: '2px solid currentColor' },
      [theme.breakpoints.down('sm')]: {
        gridTemplateColumns: 'auto minmax(0, 1fr) auto',
        '& $system, & $found': { display: 'none' },
      },
    },
    system: { color: theme.palette.text.secondary },
    title: { overflowWrap: 'anywhere' },
    found: {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      color: theme.palette.text.secondary,
    },
    chevron: {
      transition: theme.transitions.create('transform', {
        duration: theme.transitions.duration.shortest,
      }),
      '@media (prefers-reduced-motion: reduce)': { transition: 'none' },
    },
    open: { transform: 'rotate(180deg)' },
    details: {
      display: 'grid',
      gridTemplateColumns: 'max-content minmax(0, 1fr)',
      gap: theme.spacing(0.5, 2),
      margin: 0,
      padding: theme.spacing(0, 1, 1.5, 4.5),
      '& dt': { color: theme.palette.text.secondary },
      '& dd': { margin: 0, overflowWrap: 'anywhere' },
      [theme.breakpoints.down('xs')]: {
        gridTemplateColumns: 'minmax(0, 1fr)',
        rowGap: 0,
        paddingInlineStart: theme.spacing(1),
        '& dd': { marginBottom: theme.spacing(0.75) },
      },
    },
    code: { fontFamily: 'var(--bui-font-monospace)', fontSize: '0.8125rem' },
  }),
  { name: 'PluginHoopAuthentikCheckRow' },
);

/** One check: its outcome in a line, and on request what it is about. @internal */
export function CheckRow({ check, fixes }: { check: Check; fixes: Fixes }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [open, setOpen] = useState(false);
  const details = useId();
  const offered = check.fix && fixes.offer(check.fix);

  return (
    <li className={classes.root}>
      <div className={classes.line}>
        <ButtonBase
          className={classes.toggle}
          aria-expanded={open}
          aria-controls={open ? details : undefined}
          onClick={() => setOpen(current => !current)}
        >
          <StatusIcon status={check.status} />
          <span className={classes.system}>
            {t(`checks.system.${check.system}`)}
          </span>
          <span className={classes.title}>{check.title}</span>
          <span className={classes.found}>{check.actual}</span>
          <ExpandMoreIcon
            fontSize="small"
            aria-hidden
            className={`${classes.chevron} ${open ? classes.open : ''}`}
          />
        </ButtonBase>
        {check.fix && offered && (
          <div className={classes.fix}>
            <FixButton
              offered={offered}
              size="small"
              variant="outlined"
              aria-label={t('action.forProblem', {
                action: t(`action.${check.fix.action}`),
                title: check.title,
              })}
            >
              {t(`action.${check.fix.action}`)}
            </FixButton>
          </div>
        )}
      </div>
      {open && (
        <dl id={details} className={classes.details}>
          <Details check={check} />
        </dl>
      )}
    </li>
  );
}

function Details({ check }: { check: Check }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { status, expected, actual, remedy, link, cause, id, title } = check;

  const rows: Array<[string, ReactNode]> = [
    [t('checks.outcome'), t(`checks.status.${status}`)],
    [t('checks.expected'), expected],
    // A check that was skipped says why in the place of what it found.
    [t(status === 'skipped' ? 'checks.reason' : 'checks.actual'), actual],
    [t('checks.cause'), cause],
    [t('checks.remedy'), remedy],
    [
      t('checks.link'),
      link && isWebAddress(link) && (
        <ExternalLink to={link} aria-label={t('checks.openLabel', { title })}>
          {t('checks.open')}
        </ExternalLink>
      ),
    ],
    [t('checks.id'), <code className={classes.code}>{id}</code>],
  ];
  return (
    <>
      {rows.map(
        ([label, value]) =>
          value && (
            <Row key={label} label={label}>
              {value}
            </Row>
          ),
      )}
    </>
  );
}

function Row(props: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </>
  );
}
