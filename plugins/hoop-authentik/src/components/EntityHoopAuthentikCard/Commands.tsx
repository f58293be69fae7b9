import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { Command } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { CopyButton } from '../shared/CopyButton';

const useStyles = makeStyles(
  theme => ({
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(0.5),
      '& > li': {
        display: 'flex',
        alignItems: 'center',
        gap: theme.spacing(1),
        padding: theme.spacing(0.25, 0.5, 0.25, 1.5),
        borderRadius: 'var(--bui-radius-2)',
        backgroundColor: theme.palette.action.hover,
      },
    },
    code: {
      flexGrow: 1,
      minWidth: 0,
      fontFamily: 'var(--bui-font-monospace)',
      fontSize: '0.8125rem',
      overflowWrap: 'anywhere',
    },
  }),
  { name: 'PluginHoopAuthentikCommands' },
);

/** What to type to sign in, ready to be copied. @internal */
export function Commands({ commands }: { commands: Command[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (commands.length === 0) {
    return null;
  }
  return (
    <section aria-label={t('commands.heading')}>
      <ol className={classes.list}>
        {commands.map(({ title, command }) => (
          <li key={command} title={title}>
            <code className={classes.code}>{command}</code>
            <CopyButton text={command} what={title} />
          </li>
        ))}
      </ol>
    </section>
  );
}
