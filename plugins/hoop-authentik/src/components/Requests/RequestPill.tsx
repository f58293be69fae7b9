import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { RequestState } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';

const LOOKS = {
  waiting: 'announcement',
  done: 'positive',
  failed: 'negative',
} as const;

const LOOK_OF: Partial<Record<RequestState, keyof typeof LOOKS>> = {
  pending: 'waiting',
  approved: 'waiting',
  running: 'waiting',
  completed: 'done',
  failed: 'failed',
};

const lookOf = (look: string) => ({
  color: `var(--bui-${look}-fg-subdued)`,
  backgroundColor: `var(--bui-${look}-bg-subdued)`,
});

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'inline-block',
      padding: theme.spacing(0.25, 1),
      borderRadius: 'var(--bui-radius-full)',
      whiteSpace: 'nowrap',
      fontSize: theme.typography.caption.fontSize,
      fontWeight: 600,
      color: theme.palette.text.primary,
      backgroundColor: theme.palette.action.selected,
    },
    waiting: lookOf(LOOKS.waiting),
    done: lookOf(LOOKS.done),
    failed: lookOf(LOOKS.failed),
  }),
  { name: 'PluginHoopAuthentikRequestPill' },
);

/** Where a request stands. @internal */
export function RequestPill({ state }: { state: RequestState }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const look = LOOK_OF[state];
  return (
    <span className={`${classes.root} ${look ? classes[look] : ''}`}>
      {t(`requests.state.${state}`)}
    </span>
  );
}
