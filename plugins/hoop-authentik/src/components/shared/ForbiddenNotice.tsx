import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import LockOutlinedIcon from '@material-ui/icons/LockOutlined';
import { hoopAuthentikIntegrationReadPermission } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      gap: theme.spacing(1),
      color: theme.palette.text.secondary,
      fontSize: theme.typography.body2.fontSize,
      lineHeight: theme.typography.body2.lineHeight,
    },
    title: { color: theme.palette.text.primary },
    permission: { overflowWrap: 'anywhere' },
  }),
  { name: 'PluginHoopAuthentikForbiddenNotice' },
);

/** Being refused is an answer, not a fault: says so quietly and names the permission to ask for. @internal */
export function ForbiddenNotice({
  permission = hoopAuthentikIntegrationReadPermission.name,
}: {
  permission?: string;
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <div className={classes.root}>
      <LockOutlinedIcon fontSize="small" aria-hidden />
      <div>
        <div className={classes.title}>{t('forbidden.title')}</div>
        <div>
          {t('forbidden.description', {
            permission: (
              <code className={classes.permission}>{permission}</code>
            ),
          })}
        </div>
      </div>
    </div>
  );
}
