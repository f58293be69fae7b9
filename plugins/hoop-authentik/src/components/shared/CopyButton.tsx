import { CopyTextButton } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    // The icon comes in the size and colour of a heading; beside small text it has to step back.
    root: {
      display: 'inline-flex',
      flexShrink: 0,
      '& svg': {
        width: theme.spacing(2),
        height: theme.spacing(2),
        color: theme.palette.text.secondary,
      },
    },
  }),
  { name: 'PluginHoopAuthentikCopyButton' },
);

/** Copies a text; `what` names it for screen readers. @internal */
export function CopyButton(props: { text: string; what: string }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <span className={classes.root}>
      <CopyTextButton
        text={props.text}
        aria-label={t('copy', { what: props.what })}
        variant="tertiary"
      />
    </span>
  );
}
