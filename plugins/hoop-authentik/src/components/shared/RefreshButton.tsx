import { useTranslationRef } from '@backstage/frontend-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Tooltip from '@material-ui/core/Tooltip';
import RefreshIcon from '@material-ui/icons/Refresh';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  {
    spinning: {
      animation: '$spin 1s linear infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    '@keyframes spin': { to: { transform: 'rotate(360deg)' } },
  },
  { name: 'PluginHoopAuthentikRefreshButton' },
);

/** Observes anew. Stays focusable while it runs, so that keyboard users keep their place. @internal */
export function RefreshButton(props: {
  loading: boolean;
  onRefresh: () => void;
}) {
  const { loading, onRefresh } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <Tooltip title={t(loading ? 'refresh.running' : 'refresh.label')}>
      <IconButton
        size="small"
        aria-label={t('refresh.label')}
        aria-disabled={loading}
        onClick={loading ? undefined : onRefresh}
      >
        <RefreshIcon
          fontSize="small"
          className={loading ? classes.spinning : undefined}
        />
      </IconButton>
    </Tooltip>
  );
}
