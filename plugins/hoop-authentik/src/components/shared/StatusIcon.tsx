import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { SvgIconProps } from '@material-ui/core/SvgIcon';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleOutlineIcon from '@material-ui/icons/CheckCircleOutline';
import HelpOutlineIcon from '@material-ui/icons/HelpOutline';
import RemoveCircleOutlineIcon from '@material-ui/icons/RemoveCircleOutline';
import ReportProblemOutlinedIcon from '@material-ui/icons/ReportProblemOutlined';
import type { CheckStatus } from 'backstage-plugin-hoop-authentik-common';
import type { ComponentType } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';

/** Every status has its own shape, so that no status depends on colour alone. */
const ICONS: Record<CheckStatus, ComponentType<SvgIconProps>> = {
  pass: CheckCircleOutlineIcon,
  warn: ReportProblemOutlinedIcon,
  fail: CancelIcon,
  unknown: HelpOutlineIcon,
  skipped: RemoveCircleOutlineIcon,
};

const useStyles = makeStyles(
  theme => ({
    icon: { flexShrink: 0, fontSize: theme.typography.pxToRem(18) },
    pass: { color: 'var(--bui-fg-positive)' },
    warn: { color: 'var(--bui-fg-warning)' },
    fail: { color: 'var(--bui-fg-negative)' },
    unknown: { color: theme.palette.text.secondary },
    skipped: { color: theme.palette.text.secondary },
  }),
  { name: 'PluginHoopAuthentikStatusIcon' },
);

/** The status of a check as an icon with a name; `decorative` where the text beside it says the same. @internal */
export function StatusIcon(props: {
  status: CheckStatus;
  decorative?: boolean;
}) {
  const { status, decorative = false } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const Icon = ICONS[status];

  return (
    <Icon
      className={`${classes.icon} ${classes[status]}`}
      titleAccess={decorative ? undefined : t(`checks.status.${status}`)}
    />
  );
}
