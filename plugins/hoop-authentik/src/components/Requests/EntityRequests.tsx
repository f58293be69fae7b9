import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import {
  hoopAuthentikIntegrationReadPermission,
  type AccessRequest,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useState, type ReactNode } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useRequest } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { Evidence } from '../shared/Evidence';
import { RequestDrawer } from './RequestDrawer';
import { RequestList } from './RequestList';
import { useOnRequestSignal } from './useRequestPage';

const MOST = 20;
const VIEWS = ['toDecide', 'mine', 'closed'] as const;

const useStyles = makeStyles(
  theme => ({ aside: { color: theme.palette.text.secondary } }),
  { name: 'PluginHoopAuthentikEntityRequests' },
);

/** The requests at one entity that concern the viewer, the newest first. @internal */
export function EntityRequests(props: {
  entityRef: string;
  /** To ask for something. */
  action?: ReactNode;
}) {
  const { entityRef, action } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const [opened, setOpened] = useState<string>();
  const requests = useRequest(
    useCallback(
      async call => {
        const pages = await Promise.all(
          VIEWS.map(view =>
            api.listRequests(
              { view, entityRef: [entityRef], limit: MOST },
              call,
            ),
          ),
        );
        return newestFirst(pages.flatMap(({ items }) => items));
      },
      [api, entityRef],
    ),
  );
  useOnRequestSignal(requests.retry);

  return (
    <Evidence
      heading={t('requests.heading')}
      permission={hoopAuthentikIntegrationReadPermission.name}
      result={requests}
      actions={action}
    >
      {items => (
        <>
          {items.length === 0 && (
            <p className={classes.aside}>{t('requests.none.here')}</p>
          )}
          <RequestList items={items} onOpen={setOpened} />
          {opened && (
            <RequestDrawer
              id={opened}
              onChanged={requests.retry}
              onClose={() => setOpened(undefined)}
            />
          )}
        </>
      )}
    </Evidence>
  );
}

/** One that is in several views is shown once. */
function newestFirst(requests: readonly AccessRequest[]): AccessRequest[] {
  return [...new Map(requests.map(one => [one.id, one])).values()]
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, MOST);
}
