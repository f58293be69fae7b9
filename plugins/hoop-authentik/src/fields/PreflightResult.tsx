import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import { makeStyles } from '@material-ui/core/styles';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import { useCallback, type ReactNode } from 'react';
import { hoopAuthentikApiRef } from '../api';
import { serverMessage } from '../components/shared/ErrorNotice';
import { useRequest } from '../hooks';
import { hoopAuthentikTranslationRef } from '../translation';
import { changeSentences } from './planSentences';

const useStyles = makeStyles(
  theme => ({
    root: {
      ...theme.typography.body2,
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      flex: '1 1 240px',
      minWidth: 0,
      overflowWrap: 'anywhere',
    },
    good: { color: 'var(--bui-fg-positive)' },
    bad: { color: 'var(--bui-fg-warning)' },
  }),
  { name: 'PluginHoopAuthentikPreflightResult' },
);

/** Whether a gateway can be connected as things are, asked as soon as it is chosen. @internal */
export function PreflightResult(props: {
  gateway: string;
  application: string | undefined;
}) {
  const { gateway, application } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const { value, error, loading, retry } = useRequest(
    useCallback(
      async options => ({
        of: gateway,
        plan: await api.planConnection(gateway, { application }, options),
      }),
      [api, gateway, application],
    ),
  );
  const plan = value?.of === gateway ? value.plan : undefined;
  const bad = <ReportProblemIcon fontSize="small" className={classes.bad} />;

  let icon: ReactNode = <CircularProgress size={18} aria-hidden />;
  let text: string = t('fields.preflight.running');
  if (error) {
    icon = bad;
    text = t('fields.preflight.failed', { reason: serverMessage(error) });
  } else if (plan?.refusal) {
    icon = bad;
    text = changeSentences(plan, t).join(' ');
  } else if (plan) {
    icon = <CheckCircleIcon fontSize="small" className={classes.good} />;
    text =
      plan.application.length + plan.gateway.length > 0
        ? t('fields.preflight.ready')
        : t('fields.plan.unchanged');
  }
  return (
    <div role="status" className={classes.root} aria-busy={loading}>
      {icon}
      <span>{text}</span>
      {error && (
        <Button size="small" onClick={retry}>
          {t('error.retry')}
        </Button>
      )}
    </div>
  );
}
