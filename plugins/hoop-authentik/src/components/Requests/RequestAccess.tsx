import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import {
  hoopAuthentikRequestCreatePermission,
  OPEN_REQUEST_STATES,
  type RequestKind,
} from 'backstage-plugin-hoop-authentik-common';
import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useMay, useRequest } from '../../hooks';
import { requestsRouteRef } from '../../routes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { RequestPill } from './RequestPill';
import { useOnRequestSignal } from './useRequestPage';

const RequestDialog = lazy(() =>
  import('./RequestDialog').then(m => ({ default: m.RequestDialog })),
);

const useStyles = makeStyles(
  theme => ({
    button: { flexShrink: 0, textTransform: 'none' },
    mine: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      fontSize: theme.typography.body2.fontSize,
    },
  }),
  { name: 'PluginHoopAuthentikRequestAccess' },
);

/** What a viewer who may not change the gateway can ask for: a button, or the request that is open already. @internal */
export function RequestAccess(props: {
  kind: RequestKind;
  entityRef: string;
  /** In place of it, for whoever may not ask either. */
  otherwise: ReactNode;
}) {
  const { entityRef, otherwise } = props;
  const may = useMay(hoopAuthentikRequestCreatePermission, entityRef);
  if (may === undefined) {
    return null;
  }
  return may ? <Asking {...props} /> : <>{otherwise}</>;
}

function Asking(props: {
  kind: RequestKind;
  entityRef: string;
  otherwise: ReactNode;
}) {
  const { kind, entityRef, otherwise } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const queue = useRouteRef(requestsRouteRef);
  const [asking, setAsking] = useState(false);
  const mine = useRequest(
    useCallback(
      call =>
        api.listRequests(
          {
            view: 'mine',
            entityRef: [entityRef],
            state: [...OPEN_REQUEST_STATES],
            limit: 1,
          },
          call,
        ),
      [api, entityRef],
    ),
  );
  useOnRequestSignal(mine.retry);

  if (!mine.value) {
    // A backend that does not take requests leaves only the owner to ask.
    return mine.error ? <>{otherwise}</> : null;
  }
  const [open] = mine.value.items;
  return (
    <>
      {open ? (
        <span className={classes.mine}>
          <RequestPill state={open.state} />
          {queue ? (
            <Link to={`${queue()}?tab=requests&view=mine&request=${open.id}`}>
              {t('requests.mineOpen')}
            </Link>
          ) : (
            t('requests.mineOpen')
          )}
        </span>
      ) : (
        <Button
          size="small"
          variant="contained"
          color="primary"
          className={classes.button}
          aria-haspopup="dialog"
          onClick={() => setAsking(true)}
        >
          {t(`requests.ask.${kind}`)}
        </Button>
      )}
      {asking && (
        <Suspense fallback={null}>
          <RequestDialog
            kind={kind}
            entityRef={entityRef}
            onCreated={mine.retry}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  );
}
