import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import {
  checkSystemSchema,
  type Check,
} from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { CheckGroup } from './CheckGroup';
import { Section } from './Section';

const useStyles = makeStyles(
  theme => ({
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      '& > li': {
        padding: theme.spacing(0.75, 0),
        borderTop: `1px solid ${theme.palette.divider}`,
      },
      '& > li:last-child': { paddingBottom: 0 },
    },
  }),
  { name: 'PluginHoopAuthentikChecks' },
);

/** All checks, one group for each system that was looked at. @internal */
export function Checks({ checks }: { checks: Check[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  const groups = checkSystemSchema.options
    .map(system => ({
      system,
      checks: checks.filter(check => check.system === system),
    }))
    .filter(group => group.checks.length > 0);

  if (groups.length === 0) {
    return null;
  }
  return (
    <Section heading={t('checks.heading')}>
      <ul className={classes.list}>
        {groups.map(group => (
          <li key={group.system}>
            <CheckGroup system={group.system} checks={group.checks} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
