import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { Check } from 'backstage-plugin-hoop-authentik-common';
import type { ReactNode } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ExternalLink, isWebAddress } from './ExternalLink';
import { StatusIcon } from './StatusIcon';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      gap: theme.spacing(1),
      fontSize: theme.typography.body2.fontSize,
      lineHeight: 1.43,
    },
    text: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
    details: {
      display: 'grid',
      gridTemplateColumns: 'max-content minmax(0, 1fr)',
      gap: theme.spacing(0.25, 1.5),
      margin: theme.spacing(0.5, 0, 0),
    },
    label: { color: theme.palette.text.secondary },
    value: {
      margin: 0,
      overflowWrap: 'anywhere',
      // In the middle of a text its colour alone does not tell a link.
      '& a': { textDecoration: 'underline' },
    },
  }),
  { name: 'PluginHoopAuthentikCheckItem' },
);

/** One check; `detailed` with what was expected, what was found and what to do about it. @internal */
export function CheckItem(props: { check: Check; detailed?: boolean }) {
  const { check, detailed = false } = props;
  const classes = useStyles();

  return (
    <li className={classes.root}>
      <StatusIcon status={check.status} />
      <div className={classes.text}>
        {check.title}
        {detailed && <CheckDetails check={check} />}
      </div>
    </li>
  );
}

function CheckDetails({ check }: { check: Check }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  const link = check.link && isWebAddress(check.link) && (
    <ExternalLink
      to={check.link}
      aria-label={t('checks.openLabel', { title: check.title })}
    >
      {t('checks.open')}
    </ExternalLink>
  );
  if (!check.expected && !check.actual && !check.remedy && !link) {
    return null;
  }
  return (
    <dl className={classes.details}>
      {check.expected && (
        <Detail label={t('checks.expected')}>{check.expected}</Detail>
      )}
      {check.actual && (
        <Detail label={t('checks.actual')}>{check.actual}</Detail>
      )}
      {(check.remedy || link) && (
        <Detail label={t('checks.remedy')}>
          {check.remedy} {link}
        </Detail>
      )}
    </dl>
  );
}

function Detail(props: { label: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <>
      <dt className={classes.label}>{props.label}</dt>
      <dd className={classes.value}>{props.children}</dd>
    </>
  );
}
