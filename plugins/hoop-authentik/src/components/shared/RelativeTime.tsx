import Tooltip from '@material-ui/core/Tooltip';
import { useEffect, useReducer, type ReactNode } from 'react';

const MINUTE = 60_000;

const UNITS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];

/** How long ago something was, in words; the tooltip and the machine-readable attribute have the exact time. @internal */
export function RelativeTime(props: {
  time: string;
  /** Puts the distance into words. */
  children: (distance: {
    ago: number;
    formatParams: {
      ago: { range: Intl.RelativeTimeFormatUnit; numeric: 'auto' };
    };
  }) => ReactNode;
}) {
  useRenderEveryMinute();

  const then = new Date(props.time);
  if (Number.isNaN(then.getTime())) {
    return null;
  }
  const { amount, unit } = relativeTime(then, new Date());

  return (
    <Tooltip title={then.toLocaleString()}>
      <time dateTime={props.time}>
        {props.children({
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
