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

/** How a state looks; an open gateway is connected, and still no reason for green. */
type Look = IntegrationState | 'warned';

const ICONS: Record<Look, ComponentType<SvgIconProps>> = {
  connected: CheckCircleIcon,
  warned: ReportProblemIcon,
  drifted: ReportProblemIcon,
  'not-connected': LinkOffIcon,
  pending: HourglassEmptyIcon,
  down: ErrorIcon,
  unreachable: CloudOffIcon,
};

const WARNING = {
  color: 'var(--bui-warning-fg-subdued)',
  backgroundColor: 'var(--bui-warning-bg-subdued)',
};
const NEGATIVE = {
  color: 'var(--bui-negative-fg-subdued)',
  backgroundColor: 'var(--bui-negative-bg-subdued)',
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
    warned: WARNING,
    drifted: NEGATIVE,
    'not-connected': {
      color: theme.palette.text.primary,
      backgroundColor: theme.palette.action.selected,
    },
    pending: {
      color: 'var(--bui-announcement-fg-subdued)',
      backgroundColor: 'var(--bui-announcement-bg-subdued)',
    },
    down: NEGATIVE,
    unreachable: WARNING,
  }),
  { name: 'PluginHoopAuthentikStatePill' },
);

/** What a pill is about. @internal */
export interface PillState {
  state: IntegrationState;
  warnings: number;
  /** How many problems keep it from being as it should be. */
  failures: number;
  /** Whether a part of the checks was decided although a system could not be observed. */
  partly: boolean;
}

/** The state in words, with an icon and a count; a change of it is announced to screen readers. @internal */
export function StatePill(props: PillState & { announced?: boolean }) {
  const { state, warnings, announced = false } = props;
  const classes = useStyles();
  const look = state === 'connected' && warnings > 0 ? 'warned' : state;
  const Icon = ICONS[look];

  return (
    <span
      role={announced ? 'status' : undefined}
      className={`${classes.root} ${classes[look]}`}
    >
      <Icon className={classes.icon} aria-hidden />
      {usePillText(props)}
    </span>
  );
}

function usePillText({ state, warnings, failures, partly }: PillState) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (state === 'connected' && warnings > 0) {
    return t('state.connectedWarnings', { count: warnings });
  }
  if (state === 'drifted' && failures > 0) {
    return t('state.driftedCount', { count: failures });
  }
  if (state === 'unreachable' && partly) {
    return t('state.partlyChecked');
  }
  return t(`state.${state}`);
}
