import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { hoopAuthentikTranslationRef } from '../../translation';

/** Widths of the lines that stand for the summary, the facts, the commands and the groups of checks. */
const BLOCKS = {
  summary: ['55%'],
  facts: ['60%', '35%', '45%', '80%', '85%'],
  commands: ['40%', '100%', '100%'],
  checks: ['20%', '100%', '100%', '100%'],
};

const useStyles = makeStyles(
  theme => ({
    // As tall as an integration without failing checks, so that the page does not jump when it arrives.
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(4),
      minHeight: theme.spacing(65),
    },
    block: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2.75),
    },
    line: {
      height: theme.spacing(2),
      borderRadius: 'var(--bui-radius-2)',
      backgroundColor: theme.palette.action.selected,
      animation: '$pulse 1.6s ease-in-out infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    '@keyframes pulse': { '50%': { opacity: 0.4 } },
  }),
  { name: 'PluginHoopAuthentikSkeleton' },
);

/** Stands in for an integration while it is read for the first time. @internal */
export function IntegrationSkeleton() {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <div role="status" aria-label={t('loading')} className={classes.root}>
      {Object.entries(BLOCKS).map(([block, widths]) => (
        <div key={block} className={classes.block}>
          {widths.map((width, line) => (
            <div key={line} className={classes.line} style={{ width }} />
          ))}
        </div>
      ))}
    </div>
  );
}
