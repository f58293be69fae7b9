import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useTaskEventStream,
  type ScaffolderTaskStatus,
} from '@backstage/plugin-scaffolder-react';
import {
  DefaultTemplateOutputs,
  TaskLogStream,
} from '@backstage/plugin-scaffolder-react/alpha';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import { makeStyles } from '@material-ui/core/styles';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleOutlineIcon from '@material-ui/icons/CheckCircleOutline';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import RemoveCircleOutlineIcon from '@material-ui/icons/RemoveCircleOutline';
import { useEffect, useRef, useState } from 'react';
import { taskRouteRef } from '../routes';
import { hoopAuthentikTranslationRef } from '../translation';

const useStyles = makeStyles(
  theme => ({
    steps: {
      listStyle: 'none',
      margin: theme.spacing(1, 0, 2),
      padding: 0,
      '& > li': {
        display: 'flex',
        alignItems: 'center',
        gap: theme.spacing(1),
        padding: theme.spacing(0.75, 0),
      },
    },
    status: { margin: 0, fontWeight: 600 },
    note: { margin: 0, color: theme.palette.text.secondary },
    error: { color: 'var(--bui-fg-negative)', overflowWrap: 'anywhere' },
    log: { height: 260, marginTop: theme.spacing(1) },
    links: {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(2),
      margin: theme.spacing(1, 0, 2),
    },
  }),
  { name: 'PluginHoopAuthentikTaskProgress' },
);

/** A running task to its end: its steps, its log where wanted, and what comes out of it. @internal */
export function TaskProgress(props: { taskId: string; onEnd: () => void }) {
  const { taskId, onEnd } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const taskPage = useRouteRef(taskRouteRef);
  const stream = useTaskEventStream(taskId);
  const [showsLog, setShowsLog] = useState(false);

  const ended = stream.completed || Boolean(stream.error);
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (ended) {
      end.current();
    }
  }, [ended]);

  const outcome = outcomeOf(ended, stream.error);
  const steps = stream.task?.spec.steps ?? [];
  return (
    <>
      <div role="status">
        <p className={classes.status}>{t(`dialog.${outcome}`)}</p>
        {!ended && <p className={classes.note}>{t('dialog.leave')}</p>}
      </div>
      <ol className={classes.steps}>
        {steps.map(({ id, name }) => {
          const status = stream.steps[id]?.status ?? 'open';
          return (
            <li key={id}>
              <StepIcon status={status} />
              {name}
            </li>
          );
        })}
      </ol>
      {stream.error && (
        <p role="alert" className={classes.error}>
          {stream.error.message}
        </p>
      )}
      <DefaultTemplateOutputs output={stream.output} />
      <div className={classes.links}>
        <Button
          size="small"
          variant="outlined"
          aria-expanded={showsLog}
          onClick={() => setShowsLog(shown => !shown)}
        >
          {t(showsLog ? 'dialog.hideLog' : 'dialog.showLog')}
        </Button>
        {taskPage && (
          <Link to={taskPage({ taskId })}>{t('dialog.fullPage')}</Link>
        )}
      </div>
      {showsLog && (
        <div className={classes.log}>
          <TaskLogStream logs={stream.stepLogs} />
        </div>
      )}
    </>
  );
}

function outcomeOf(ended: boolean, error: Error | undefined) {
  if (error) {
    return 'failed';
  }
  return ended ? 'completed' : 'running';
}

function StepIcon({ status }: { status: ScaffolderTaskStatus }) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const name = t(`dialog.stepStatus.${status}`);
  switch (status) {
    case 'processing':
      return <CircularProgress size={20} aria-label={name} />;
    case 'completed':
      return (
        <CheckCircleOutlineIcon
          titleAccess={name}
          htmlColor="var(--bui-fg-positive)"
        />
      );
    case 'failed':
      return (
        <CancelIcon titleAccess={name} htmlColor="var(--bui-fg-negative)" />
      );
    case 'skipped':
    case 'cancelled':
      return <RemoveCircleOutlineIcon titleAccess={name} color="disabled" />;
    default:
      return <RadioButtonUncheckedIcon titleAccess={name} color="disabled" />;
  }
}
