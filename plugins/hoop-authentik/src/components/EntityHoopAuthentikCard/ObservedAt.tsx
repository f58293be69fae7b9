import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Tooltip from '@material-ui/core/Tooltip';
import { useEffect, useReducer } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';

const MINUTE = 60_000;

const UNITS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];

const useStyles = makeStyles(
  theme => ({
    root: {
      color: theme.palette.text.secondary,
      fontSize: theme.typography.caption.fontSize,
    },
  }),
  { name: 'PluginHoopAuthentikObservedAt' },
);

/** How old the facts are; the tooltip and the machine-readable attribute have the exact time. @internal */
export function ObservedAt({ time }: { time: string }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  useRenderEveryMinute();

  const observed = new Date(time);
  if (Number.isNaN(observed.getTime())) {
    return null;
  }
  const { amount, unit } = relativeTime(observed, new Date());

  return (
    <Tooltip title={observed.toLocaleString()}>
      <time dateTime={time} className={classes.root}>
        {t('observed', {
          ago: amount,
          formatParams: { ago: { range: unit, numeric: 'auto' } },
        })}
      </time>
    </Tooltip>
  );
}

/**
 * The distance in the largest unit that fits. Less than a minute, or a clock behind the server's, is now.
 *
 * @internal
 */
export function relativeTime(
  then: Date,
  now: Date,
): { amount: number; unit: Intl.RelativeTimeFormatUnit } {
  const age = Math.max(0, now.getTime() - then.getTime());
  const fitting = UNITS.find(([, length]) => age >= length);
  if (!fitting) {
    return { amount: 0, unit: 'second' };
  }
  const [unit, length] = fitting;
  return { amount: -Math.floor(age / length), unit };
}

function useRenderEveryMinute() {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(render, MINUTE);
    return () => clearInterval(timer);
  }, []);
}
