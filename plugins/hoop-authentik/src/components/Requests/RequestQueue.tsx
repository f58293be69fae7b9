import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import {
  requestKindSchema,
  type RequestQuery,
} from 'backstage-plugin-hoop-authentik-common';
import { useDeferredValue, useMemo } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';
import { Panel } from '../shared/Panel';
import { RequestDrawer } from './RequestDrawer';
import { RequestList } from './RequestList';
import { useRequestPage } from './useRequestPage';

const VIEWS = ['toDecide', 'mine', 'closed'] as const;

const useStyles = makeStyles(
  theme => ({
    tools: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      marginBottom: theme.spacing(1),
      '& button': { textTransform: 'none' },
    },
    search: { flex: '1 1 200px', maxWidth: 320 },
    aside: { color: theme.palette.text.secondary },
    more: { textTransform: 'none' },
  }),
  { name: 'PluginHoopAuthentikRequestQueue' },
);

/** What the queue shows, as the address has it. @internal */
export interface QueueChoice {
  view?: string;
  kind?: string;
  text?: string;
  /** The request in the drawer. */
  request?: string;
}

/** Requests to decide, those of the viewer, and those that are done with. @internal */
export function RequestQueue(props: {
  choice: QueueChoice;
  onChoose: (choice: QueueChoice) => void;
}) {
  const { choice, onChoose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const view = VIEWS.find(one => one === choice.view) ?? 'toDecide';
  const kind = requestKindSchema.options.find(one => one === choice.kind);
  const { text = '' } = choice;
  const searched = useDeferredValue(text);
  const query = useMemo<RequestQuery>(
    () => ({
      view,
      ...(kind && { kind: [kind] }),
      ...(searched && { text: searched }),
    }),
    [view, kind, searched],
  );
  const { items, error, loading, reload, more } = useRequestPage(query);

  return (
    <Panel heading={t('requests.heading')}>
      <div className={classes.tools}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={view}
          aria-label={t('requests.views')}
          onChange={(_, chosen) => chosen && onChoose({ view: chosen })}
        >
          {VIEWS.map(one => (
            <ToggleButton key={one} value={one}>
              {t(`requests.view.${one}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <TextField
          select
          size="small"
          variant="outlined"
          value={kind ?? ''}
          onChange={event => onChoose({ kind: event.target.value })}
          SelectProps={{ native: true }}
          inputProps={{ 'aria-label': t('requests.kinds') }}
        >
          <option value="">{t('requests.anyKind')}</option>
          {requestKindSchema.options.map(one => (
            <option key={one} value={one}>
              {t(`requests.kind.${one}`)}
            </option>
          ))}
        </TextField>
        <TextField
          className={classes.search}
          size="small"
          variant="outlined"
          type="search"
          placeholder={t('requests.search')}
          inputProps={{ 'aria-label': t('requests.search') }}
          value={text}
          onChange={event => onChoose({ text: event.target.value })}
        />
      </div>
      {error && (
        <ErrorNotice
          title={t('error.part')}
          error={error}
          retrying={loading}
          onRetry={reload}
        />
      )}
      {!items && loading && <Progress />}
      {items && (
        <RequestList items={items} onOpen={request => onChoose({ request })} />
      )}
      {items?.length === 0 && !loading && (
        <p className={classes.aside}>
          {t(kind || searched ? 'requests.noneFound' : `requests.none.${view}`)}
        </p>
      )}
      {more && (
        <Button className={classes.more} onClick={more} disabled={loading}>
          {t('gateways.more')}
        </Button>
      )}
      {choice.request && (
        <RequestDrawer
          id={choice.request}
          onChanged={reload}
          onClose={() => onChoose({ request: '' })}
        />
      )}
    </Panel>
  );
}
