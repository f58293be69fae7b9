import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import {
  isCauseId,
  type Integration,
  type Problem,
} from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ExternalLink, isWebAddress } from '../shared/ExternalLink';
import { StatusIcon } from '../shared/StatusIcon';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      gap: theme.spacing(1),
      padding: theme.spacing(1.5, 2),
      borderRadius: theme.shape.borderRadius,
      border: '1px solid var(--bui-warning-border)',
      backgroundColor: theme.palette.background.paper,
      fontSize: theme.typography.body2.fontSize,
      lineHeight: 1.5,
      '& p': { margin: 0 },
    },
    fail: { borderColor: 'var(--bui-negative-border)' },
    text: { minWidth: 0, overflowWrap: 'anywhere' },
    title: { fontWeight: 600 },
    error: {
      fontFamily: 'var(--bui-font-monospace)',
      fontSize: '0.8125rem',
    },
  }),
  { name: 'PluginHoopAuthentikCauseBanners' },
);

/** Each outage or refusal once, with what the system said. @internal */
export function CauseBanners({ integration }: { integration: Integration }) {
  return (
    <>
      {integration.problems
        .filter(({ id }) => isCauseId(id))
        .map(problem => (
          <CauseBanner key={problem.id} problem={problem} />
        ))}
    </>
  );
}

function CauseBanner({ problem }: { problem: Problem }) {
  const { severity, title, error, remedy, link, checks } = problem;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <section
      aria-label={title}
      className={`${classes.root} ${severity === 'fail' ? classes.fail : ''}`}
    >
      <StatusIcon status={severity} />
      <div className={classes.text}>
        <p className={classes.title}>
          {title} · {t('causes.affected', { count: checks.length })}
        </p>
        {error && <p className={classes.error}>{error}</p>}
        <p>
          {remedy}{' '}
          {link && isWebAddress(link) && (
            <ExternalLink
              to={link}
              aria-label={t('checks.openLabel', { title })}
            >
              {t('checks.open')}
            </ExternalLink>
          )}
        </p>
      </div>
    </section>
  );
}
