import { Progress } from '@backstage/core-components';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import Drawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import type { RequestDetail } from 'backstage-plugin-hoop-authentik-common';
import { useCallback } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useCheckTexts, useRequest } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';
import { StatusIcon } from '../shared/StatusIcon';
import { RequestDecisions } from './RequestDecisions';
import { RequestFacts } from './RequestFacts';
import { RequestPill } from './RequestPill';
import { RequestPlan } from './RequestPlan';
import { useOnRequestSignal } from './useRequestPage';
import { useRequestTitle } from './useRequestTitle';

const useStyles = makeStyles(
  theme => ({
    paper: {
      boxSizing: 'border-box',
      width: 'min(640px, 100vw)',
      padding: theme.spacing(2, 3),
      fontSize: theme.typography.body2.fontSize,
      '& h3': {
        margin: theme.spacing(2, 0, 0.5),
        fontSize: theme.typography.body1.fontSize,
      },
    },
    header: {
      display: 'flex',
      alignItems: 'flex-start',
      gap: theme.spacing(1),
      marginBottom: theme.spacing(1),
    },
    heading: {
      flexGrow: 1,
      margin: 0,
      fontSize: theme.typography.h6.fontSize,
      overflowWrap: 'anywhere',
    },
    problems: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      '& li': { display: 'flex', gap: theme.spacing(1) },
    },
  }),
  { name: 'PluginHoopAuthentikRequestDrawer' },
);

/** One request with its plan, and what the viewer may do with it. @internal */
export function RequestDrawer(props: {
  id: string;
  onChanged: () => void;
  onClose: () => void;
}) {
  const { id, onChanged, onClose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const detail = useRequest(
    useCallback(call => api.getRequest(id, call), [api, id]),
  );
  const { value, retry } = detail;
  useOnRequestSignal(retry);
  const titleOf = useRequestTitle();

  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      PaperProps={{
        className: classes.paper,
        role: 'dialog',
        'aria-modal': true,
        'aria-labelledby': 'hoop-authentik-request-detail',
      }}
    >
      <div className={classes.header}>
        <h2 id="hoop-authentik-request-detail" className={classes.heading}>
          {value ? titleOf(value) : t('requests.one')}
        </h2>
        {value && <RequestPill state={value.state} />}
        <IconButton
          size="small"
          aria-label={t('dialog.close')}
          onClick={onClose}
        >
          <CloseIcon fontSize="small" />
        </IconButton>
      </div>
      {detail.error && (
        <ErrorNotice
          title={t('error.part')}
          error={detail.error}
          retrying={detail.loading}
          onRetry={retry}
        />
      )}
      {!value && detail.loading && <Progress />}
      {value && (
        <>
          <RequestFacts request={value} />
          <Problems request={value} />
          <RequestPlan request={value} onReload={retry} />
          <RequestDecisions
            request={value}
            onChanged={() => {
              retry();
              onChanged();
            }}
          />
        </>
      )}
    </Drawer>
  );
}

function Problems({ request }: { request: RequestDetail }) {
  const classes = useStyles();
  const inLanguage = useCheckTexts();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  return request.problems.length === 0 ? null : (
    <>
      <h3>{t('requests.problems')}</h3>
      <ul className={classes.problems}>
        {request.problems.map(inLanguage).map(({ id, severity, title }) => (
          <li key={id}>
            <StatusIcon status={severity} />
            {title}
          </li>
        ))}
      </ul>
    </>
  );
}
