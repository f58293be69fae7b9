import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { SvgIconProps } from '@material-ui/core/SvgIcon';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import CloudOffIcon from '@material-ui/icons/CloudOff';
import ErrorIcon from '@material-ui/icons/Error';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import ReportProblemIcon from '@material-ui/icons/ReportProblem';
import type { IntegrationState } from 'backstage-plugin-hoop-authentik-common';
import type { ComponentType } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';

const ICONS: Record<IntegrationState, ComponentType<SvgIconProps>> = {
  connected: CheckCircleIcon,
  drifted: ReportProblemIcon,
  'not-connected': LinkOffIcon,
  pending: HourglassEmptyIcon,
  down: ErrorIcon,
  unreachable: CloudOffIcon,
};

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      padding: theme.spacing(0.25, 1),
      borderRadius: 'var(--bui-radius-full)',
      whiteSpace: 'nowrap',
      fontSize: theme.typography.caption.fontSize,
      fontWeight: 600,
    },
    icon: { fontSize: '1.1em' },
    connected: {
      color: 'var(--bui-positive-fg-subdued)',
      backgroundColor: 'var(--bui-positive-bg-subdued)',
    },
    drifted: {
      color: 'var(--bui-warning-fg-subdued)',
      backgroundColor: 'var(--bui-warning-bg-subdued)',
    },
    'not-connected': {
      color: theme.palette.text.primary,
      backgroundColor: theme.palette.action.selected,
    },
    pending: {
      color: 'var(--bui-announcement-fg-subdued)',
      backgroundColor: 'var(--bui-announcement-bg-subdued)',
    },
    down: {
      color: 'var(--bui-negative-fg-subdued)',
      backgroundColor: 'var(--bui-negative-bg-subdued)',
    },
    unreachable: {
      color: 'var(--bui-negative-fg-subdued)',
      backgroundColor: 'var(--bui-negative-bg-subdued)',
    },
  }),
  { name: 'PluginHoopAuthentikStateBadge' },
);

/** The state in words and with an icon; a change of it is announced to screen readers. @internal */
export function StateBadge({ state }: { state: IntegrationState }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const Icon = ICONS[state];

  return (
    <span role="status" className={`${classes.root} ${classes[state]}`}>
      <Icon className={classes.icon} aria-hidden />
      {t(`state.${state}`)}
    </span>
  );
}
