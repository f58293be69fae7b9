import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import {
  hoopAuthentikIntegrationReadPermission,
  type HistoryEntry,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useState } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useCheckTexts, useRequest } from '../../hooks';
import { taskRouteRef } from '../../routes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { Evidence } from '../shared/Evidence';
import { RelativeTime } from '../shared/RelativeTime';

const PAGE = 10;

const useStyles = makeStyles(
  theme => ({
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      fontSize: theme.typography.body2.fontSize,
      '& > li': {
        padding: theme.spacing(0.75, 0),
        overflowWrap: 'anywhere',
        borderTop: `1px solid ${theme.palette.divider}`,
      },
    },
    aside: { color: theme.palette.text.secondary },
    more: { textTransform: 'none' },
  }),
  { name: 'PluginHoopAuthentikHistorySection' },
);

/** When the state changed, and who ran what. @internal */
export function HistorySection({ entityRef }: { entityRef: string }) {
  const api = useApi(hoopAuthentikApiRef);
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [limit, setLimit] = useState(PAGE);
  const history = useRequest(
    useCallback(
      options => api.getHistory(entityRef, { limit }, options),
      [api, entityRef, limit],
    ),
  );

  return (
    <Evidence
      heading={t('history.heading')}
      permission={hoopAuthentikIntegrationReadPermission.name}
      result={history}
    >
      {({ items, nextCursor }) => (
        <>
          {items.length === 0 && (
            <p className={classes.aside}>{t('history.empty')}</p>
          )}
          <ol className={classes.list}>
            {items.map(entry => (
              <li key={entry.id}>
                <Entry entry={entry} />{' '}
                <span className={classes.aside}>
                  <RelativeTime time={entry.at}>
                    {distance => t('history.at', distance)}
                  </RelativeTime>
                </span>
              </li>
            ))}
          </ol>
          {nextCursor && limit < 200 && (
            <Button
              size="small"
              className={classes.more}
              onClick={() => setLimit(count => Math.min(200, count * 2))}
            >
              {t('history.more')}
            </Button>
          )}
        </>
      )}
    </Evidence>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const taskPage = useRouteRef(taskRouteRef);
  const inLanguage = useCheckTexts();

  if (entry.kind === 'state') {
    return (
      <>
        {entry.from
          ? t('history.changed', {
              from: t(`state.${entry.from}`),
              to: t(`state.${entry.to}`),
            })
          : t('history.first', { to: t(`state.${entry.to}`) })}
        {entry.problems.length > 0 && (
          <span className={classes.aside}>
            {': '}
            {entry.problems.map(one => inLanguage(one).title).join(', ')}
          </span>
        )}
      </>
    );
  }
  const what = t(`history.outcome.${entry.outcome}`, { action: entry.action });
  return (
    <>
      {taskPage ? (
        <Link to={taskPage({ taskId: entry.taskId })}>{what}</Link>
      ) : (
        what
      )}
      {entry.user && (
        <>
          {' '}
          <EntityRefLink entityRef={entry.user} defaultKind="user" />
        </>
      )}
    </>
  );
}
