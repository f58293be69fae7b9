import { Progress } from '@backstage/core-components';
import { ResponseError } from '@backstage/errors';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { hoopAuthentikIntegrationReadPermission } from 'backstage-plugin-hoop-authentik-common';
import { useDeferredValue, useMemo, useState } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';
import { ForbiddenNotice } from '../shared/ForbiddenNotice';
import { Choice, ownerName } from './Choice';
import { toCsv } from './csv';
import { GatewayTable } from './GatewayTable';
import { Tiles } from './Tiles';
import { isTile, viewOf } from './tileChoice';
import { allRows, useGatewayList, type ListView } from './useGatewayList';
import { useSearch } from './useSearch';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2),
      minWidth: 0,
      '& button': { textTransform: 'none' },
    },
    tools: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
    search: { flex: '1 1 220px', maxWidth: 420 },
    empty: { maxWidth: 640 },
    code: { fontFamily: 'var(--bui-font-monospace)' },
  }),
  { name: 'PluginHoopAuthentikGatewayList' },
);

/** Gateways that the viewer may see, with tiles and filters. @internal */
export function GatewayList() {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const { search, narrow } = useSearch();
  const [view, setView] = useState<Pick<ListView, 'sort' | 'order'>>({
    sort: 'state',
  });
  const chosen = search.get('state');
  const tile = isTile(chosen) ? chosen : undefined;
  const owner = search.get('owner') ?? undefined;
  const authentik = search.get('authentik') ?? undefined;
  const text = search.get('text') ?? '';
  const searched = useDeferredValue(text);
  const whole = useMemo<ListView>(
    () => ({
      ...view,
      ...viewOf(tile),
      ...(owner && { owner: [owner] }),
      ...(authentik && { authentik: [authentik] }),
      ...(searched && { text: searched }),
    }),
    [view, tile, owner, authentik, searched],
  );
  const list = useGatewayList(whole);

  if (ResponseError.is(list.error) && list.error.statusCode === 403) {
    return (
      <div className={classes.root}>
        <ForbiddenNotice
          permission={hoopAuthentikIntegrationReadPermission.name}
        />
      </div>
    );
  }
  return (
    <div className={classes.root}>
      <Tiles
        counts={list.counts}
        chosen={tile}
        onChoose={choice => narrow({ state: choice })}
      />
      <div className={classes.tools}>
        <TextField
          className={classes.search}
          size="small"
          variant="outlined"
          type="search"
          placeholder={t('gateways.search')}
          inputProps={{ 'aria-label': t('gateways.search') }}
          value={text}
          onChange={event => narrow({ text: event.target.value })}
        />
        <Choice
          label={t('gateways.column.owner')}
          counts={list.counts?.owners}
          chosen={owner}
          nameOf={ownerName}
          onChoose={choice => narrow({ owner: choice })}
        />
        <Choice
          label={t('gateways.column.authentik')}
          counts={list.counts?.authentik}
          chosen={authentik}
          onChoose={choice => narrow({ authentik: choice })}
        />
        <Button
          variant="outlined"
          onClick={async () => download(toCsv(await allRows(api, whole)))}
        >
          {t('gateways.csv')}
        </Button>
      </div>
      {list.error && (
        <ErrorNotice
          title={t('error.part')}
          error={list.error}
          retrying={list.loading}
          onRetry={list.retry}
        />
      )}
      {!list.rows && list.loading && <Progress />}
      {list.rows && list.rows.length > 0 && (
        <GatewayTable
          rows={list.rows}
          view={view}
          onSort={setView}
          onChanged={list.retry}
        />
      )}
      {list.rows?.length === 0 && !list.loading && (
        <Empty narrowed={Boolean(tile || owner || authentik || searched)} />
      )}
      {list.more && (
        <Button variant="outlined" onClick={list.more} disabled={list.loading}>
          {t('gateways.more')}
        </Button>
      )}
    </div>
  );
}

function Empty({ narrowed }: { narrowed: boolean }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return narrowed ? (
    <p>{t('gateways.noneFound')}</p>
  ) : (
    <div className={classes.empty}>
      <h2>{t('gateways.empty')}</h2>
      <p>
        {t('gateways.firstStep', {
          key: <code className={classes.code}>hoopAuthentik.gateways</code>,
          annotation: <code className={classes.code}>hoop.dev/gateway</code>,
        })}
      </p>
    </div>
  );
}

function download(csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'hoop-gateways.csv';
  link.click();
  URL.revokeObjectURL(url);
}
