import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { useEffect, useState } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';

/** After this long, lines that pulse look stuck. */
const WORDS_AFTER_MS = 5_000;

/** Widths of the lines that stand for the sentence, the commands and the footer. */
const LINES = ['70%', '45%', '100%', '100%', '60%'];

const useStyles = makeStyles(
  theme => ({
    // As tall as a connected integration, so that the page does not jump when it arrives.
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2),
      minHeight: 178,
    },
    line: {
      height: theme.spacing(2),
      borderRadius: 'var(--bui-radius-2)',
      backgroundColor: theme.palette.action.selected,
      animation: '$pulse 1.6s ease-in-out infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    words: {
      margin: 0,
      color: theme.palette.text.secondary,
      fontSize: theme.typography.body2.fontSize,
    },
    '@keyframes pulse': { '50%': { opacity: 0.4 } },
  }),
  { name: 'PluginHoopAuthentikCardSkeleton' },
);

/** Stands in for an integration while it is read for the first time. @internal */
export function CardSkeleton() {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [isLong, setIsLong] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), WORDS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  return (
    <div role="status" aria-label={t('loading')} className={classes.root}>
      {LINES.slice(isLong ? 2 : 0).map((width, line) => (
        <div key={line} className={classes.line} style={{ width }} />
      ))}
      {isLong && <p className={classes.words}>{t('loadingLong')}</p>}
    </div>
  );
}
