import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import ButtonGroup from '@material-ui/core/ButtonGroup';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { useState } from 'react';
import type { Fixes } from '../../fixes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { Panel } from '../shared/Panel';
import {
  CHECK_FILTERS,
  countByFilter,
  filterChecks,
  type CheckFilter,
} from './checkFilter';
import { CheckRow } from './CheckRow';

const useStyles = makeStyles(
  theme => ({
    tools: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
      '& button': { textTransform: 'none' },
    },
    list: { listStyle: 'none', margin: 0, padding: 0 },
    empty: { margin: 0, color: theme.palette.text.secondary },
  }),
  { name: 'PluginHoopAuthentikChecksSection' },
);

/** The checks with their evidence: those that need attention first, and everything on request. @internal */
export function ChecksSection(props: {
  integration: Integration;
  fixes: Fixes;
}) {
  const { integration, fixes } = props;
  const { checks } = integration;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const counts = countByFilter(checks);
  const [chosen, choose] = useState<CheckFilter>();
  const [search, setSearch] = useState('');
  // An empty list is no reason to open the tab.
  const filter = chosen ?? (counts.problems > 0 ? 'problems' : 'all');
  const shown = filterChecks(checks, { filter, search });

  return (
    <Panel
      heading={t('checks.heading')}
      actions={
        <div className={classes.tools}>
          <ButtonGroup size="small" aria-label={t('checks.filter.label')}>
            {CHECK_FILTERS.map(name => (
              <Button
                key={name}
                aria-pressed={filter === name}
                color={filter === name ? 'primary' : 'default'}
                variant={filter === name ? 'contained' : 'outlined'}
                disableElevation
                onClick={() => choose(name)}
              >
                {t(`checks.filter.${name}`, { count: counts[name] })}
              </Button>
            ))}
          </ButtonGroup>
          <TextField
            size="small"
            variant="outlined"
            type="search"
            placeholder={t('checks.search')}
            inputProps={{ 'aria-label': t('checks.search') }}
            value={search}
            onChange={event => setSearch(event.target.value)}
          />
        </div>
      }
    >
      {shown.length > 0 ? (
        <ul className={classes.list}>
          {shown.map(check => (
            <CheckRow key={check.id} check={check} fixes={fixes} />
          ))}
        </ul>
      ) : (
        <p className={classes.empty}>
          {t(search ? 'checks.noneFound' : 'checks.none')}
        </p>
      )}
    </Panel>
  );
}
