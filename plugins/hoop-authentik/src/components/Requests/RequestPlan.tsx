import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { RequestDetail } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    changes: {
      margin: 0,
      padding: 0,
      listStyle: 'none',
      '& > li': {
        padding: theme.spacing(0.5, 0),
        borderTop: `1px solid ${theme.palette.divider}`,
        overflowWrap: 'anywhere',
      },
    },
    value: { fontFamily: 'var(--bui-font-monospace)', fontSize: '0.8125rem' },
    aside: { color: theme.palette.text.secondary },
    refusal: { color: 'var(--bui-fg-negative)', overflowWrap: 'anywhere' },
  }),
  { name: 'PluginHoopAuthentikRequestPlan' },
);

/** What carrying it out would change now, for those who may decide. @internal */
export function RequestPlan(props: {
  request: RequestDetail;
  onReload: () => void;
}) {
  const { plan, planError } = props.request;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (!plan && !planError) {
    return null;
  }
  return (
    <section aria-label={t('requests.plan.heading')}>
      <h3>{t('requests.plan.heading')}</h3>
      {planError && (
        <p role="alert" className={classes.refusal}>
          {planError}{' '}
          <Button size="small" variant="outlined" onClick={props.onReload}>
            {t('error.retry')}
          </Button>
        </p>
      )}
      {plan?.refusal && (
        <p role="alert" className={classes.refusal}>
          {plan.refusal}
        </p>
      )}
      {plan && plan.changes.length === 0 && !plan.refusal && (
        <p className={classes.aside}>{t('requests.plan.nothing')}</p>
      )}
      {plan && (
        <ul className={classes.changes}>
          {plan.changes.map(({ object, field, from, to }, index) => (
            <li key={index}>
              <strong>{object}</strong> {field}:{' '}
              <span className={classes.value}>
                {t('problems.difference', { expected: from, actual: to })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {plan?.notes.map(note => (
        <p key={note} className={classes.aside}>
          {note}
        </p>
      ))}
    </section>
  );
}
