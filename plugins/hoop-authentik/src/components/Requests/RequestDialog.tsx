import { Progress } from '@backstage/core-components';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  CreatedRequest,
  RequestKind,
  RequestOptions,
} from 'backstage-plugin-hoop-authentik-common';
import { Fragment, useCallback, useState } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useChange, useRequest } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';
import { faultsOf, requestOf, type RequestForm } from './requestForm';
import { RequestFields } from './RequestFields';

const useStyles = makeStyles(
  theme => ({
    aside: {
      margin: theme.spacing(0, 0, 2),
      color: theme.palette.text.secondary,
    },
    actions: { padding: theme.spacing(1, 3, 2) },
  }),
  { name: 'PluginHoopAuthentikRequestDialog' },
);

interface DialogProps {
  kind: RequestKind;
  entityRef: string;
  /** Called once the request is made. */
  onCreated: (created: CreatedRequest) => void;
  onClose: () => void;
}

/** Asks for a connection or for access at one gateway. @internal */
export function RequestDialog(props: DialogProps) {
  const { kind, entityRef, onClose } = props;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const classes = useStyles();
  const fullScreen = useMediaQuery(useTheme().breakpoints.down('xs'));
  const [created, setCreated] = useState<CreatedRequest>();
  const options = useRequest(
    useCallback(
      call => api.getRequestOptions(entityRef, call),
      [api, entityRef],
    ),
  );

  return (
    <Dialog
      open
      fullWidth
      maxWidth="sm"
      fullScreen={fullScreen}
      onClose={onClose}
      aria-labelledby="hoop-authentik-request"
    >
      <DialogTitle id="hoop-authentik-request">
        {t(`requests.ask.${kind}`)}
      </DialogTitle>
      {created ? (
        <>
          <DialogContent>
            <p role="status">
              {t(created.created ? 'requests.sent' : 'requests.sentBefore')}
            </p>
          </DialogContent>
          <DialogActions className={classes.actions}>
            <Button onClick={onClose}>{t('dialog.close')}</Button>
          </DialogActions>
        </>
      ) : (
        <>
          {options.error && (
            <DialogContent>
              <ErrorNotice
                title={t('error.part')}
                error={options.error}
                retrying={options.loading}
                onRetry={options.retry}
              />
            </DialogContent>
          )}
          {!options.value && options.loading && (
            <DialogContent>
              <Progress />
            </DialogContent>
          )}
          {options.value && (
            <Form
              {...props}
              options={options.value}
              onCreated={answer => {
                setCreated(answer);
                props.onCreated(answer);
              }}
            />
          )}
        </>
      )}
    </Dialog>
  );
}

function Form(props: DialogProps & { options: RequestOptions }) {
  const { kind, entityRef, options, onCreated, onClose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const { busy, error, change } = useChange();
  const [tried, setTried] = useState(false);
  const [form, setForm] = useState<RequestForm>({
    kind,
    entityRef,
    reason: '',
    groups: [],
    subject: options.subjects.length === 1 ? options.subjects[0].ref : '',
    until: '',
  });
  const faults = faultsOf(form, new Date());

  const send = () => {
    setTried(true);
    if (faults.length === 0) {
      change(async () => onCreated(await api.createRequest(requestOf(form))));
    }
  };
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      <DialogContent>
        <p className={classes.aside}>
          {t(`requests.about.${kind}`, { gateway: options.gateway.title })}
          {options.approvers.length > 0 && (
            <>
              {' '}
              {t('requests.decidedBy')}{' '}
              {options.approvers.map((ref, index) => (
                <Fragment key={ref}>
                  {index > 0 && ', '}
                  <EntityRefLink entityRef={ref} defaultKind="group" />
                </Fragment>
              ))}
              .
            </>
          )}
        </p>
        {error && (
          <ErrorNotice
            title={t('requests.failed')}
            error={error}
            retrying={busy}
            onRetry={send}
          />
        )}
        <RequestFields
          form={form}
          options={options}
          faults={tried ? faults : []}
          onChange={changed => setForm(before => ({ ...before, ...changed }))}
        />
      </DialogContent>
      <DialogActions className={classes.actions}>
        <Button onClick={onClose}>{t('dialog.cancel')}</Button>
        <Button
          type="submit"
          variant="contained"
          color="primary"
          aria-disabled={busy}
        >
          {t('requests.send')}
        </Button>
      </DialogActions>
    </form>
  );
}
