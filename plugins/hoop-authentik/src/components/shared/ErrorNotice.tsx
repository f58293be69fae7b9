import { ResponseError } from '@backstage/errors';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import ErrorOutlineIcon from '@material-ui/icons/ErrorOutline';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      alignItems: 'flex-start',
      gap: theme.spacing(1),
      padding: theme.spacing(1.5),
      border: '1px solid var(--bui-negative-border)',
      borderRadius: 'var(--bui-radius-2)',
      fontSize: theme.typography.body2.fontSize,
      lineHeight: theme.typography.body2.lineHeight,
      '&:not(:last-child)': { marginBottom: theme.spacing(2) },
    },
    text: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
    icon: { color: 'var(--bui-fg-negative)' },
    title: { fontWeight: 600 },
  }),
  { name: 'PluginHoopAuthentikErrorNotice' },
);

/** Says what the server said, in the space of a paragraph, and offers to try again. @internal */
export function ErrorNotice(props: {
  title: string;
  error: Error;
  retrying: boolean;
  onRetry: () => void;
}) {
  const { title, error, retrying, onRetry } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <div role="alert" className={classes.root}>
      <ErrorOutlineIcon fontSize="small" className={classes.icon} />
      <div className={classes.text}>
        <div className={classes.title}>{title}</div>
        <div>{serverMessage(error)}</div>
      </div>
      <Button
        size="small"
        variant="outlined"
        aria-disabled={retrying}
        onClick={retrying ? undefined : onRetry}
      >
        {t('error.retry')}
      </Button>
    </div>
  );
}

/** A `ResponseError` has the server's own words in its cause; its own message only repeats the status. @internal */
export function serverMessage(error: Error): string {
  return (ResponseError.is(error) && error.cause.message) || error.message;
}
