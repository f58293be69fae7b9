import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import {
  REQUEST_TEXT_LIMITS,
  type RequestDetail,
} from 'backstage-plugin-hoop-authentik-common';
import { useState } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useChange } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
      marginTop: theme.spacing(2),
    },
    buttons: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1),
      '& button': { textTransform: 'none' },
    },
  }),
  { name: 'PluginHoopAuthentikRequestDecisions' },
);

/** What the viewer may do with a request: approve, decline, withdraw, try again, revoke. @internal */
export function RequestDecisions(props: {
  request: RequestDetail;
  onChanged: () => void;
}) {
  const { request, onChanged } = props;
  const { id, may, plan } = request;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const api = useApi(hoopAuthentikApiRef);
  const { busy, error, change } = useChange();
  const [comment, setComment] = useState('');
  const [needsComment, setNeedsComment] = useState(false);
  // Whatever came of it, what is shown may be out of date.
  const run = (make: () => Promise<unknown>) =>
    change(async () => {
      try {
        await make();
      } finally {
        onChanged();
      }
    });

  if (!Object.values(may).some(Boolean)) {
    return null;
  }
  const said = comment.trim();
  const planDigest = plan && !plan.refusal ? plan.digest : undefined;
  const approve = () =>
    planDigest &&
    run(() =>
      api.decideRequest(id, {
        decision: 'approve',
        planDigest,
        ...(said ? { comment: said } : {}),
      }),
    );
  const decline = () => {
    setNeedsComment(!said);
    if (said) {
      run(() => api.decideRequest(id, { decision: 'decline', comment: said }));
    }
  };
  return (
    <div className={classes.root}>
      {error && (
        <ErrorNotice
          title={t('requests.changeFailed')}
          error={error}
          retrying={busy}
          onRetry={onChanged}
        />
      )}
      {may.decide && (
        <TextField
          multiline
          variant="outlined"
          id="hoop-authentik-comment"
          label={t('requests.comment')}
          value={comment}
          onChange={event => setComment(event.target.value)}
          inputProps={{ maxLength: REQUEST_TEXT_LIMITS.longest }}
          error={needsComment && !said}
          helperText={t('requests.commentHelp')}
        />
      )}
      <div className={classes.buttons}>
        {may.decide && (
          <>
            <Button
              variant="contained"
              color="primary"
              disabled={!planDigest || busy}
              onClick={approve}
            >
              {t('requests.approve')}
            </Button>
            <Button variant="outlined" disabled={busy} onClick={decline}>
              {t('requests.decline')}
            </Button>
          </>
        )}
        {may.retry && (
          <Button
            variant="contained"
            color="primary"
            disabled={!planDigest || busy}
            onClick={() =>
              planDigest && run(() => api.retryRequest(id, { planDigest }))
            }
          >
            {t('requests.retry')}
          </Button>
        )}
        {may.withdraw && (
          <Button
            variant="outlined"
            disabled={busy}
            onClick={() => run(() => api.withdrawRequest(id))}
          >
            {t('requests.withdraw')}
          </Button>
        )}
        {may.revoke && (
          <Button
            variant="outlined"
            disabled={busy}
            onClick={() => run(() => api.revokeGrant(id))}
          >
            {t('requests.revoke')}
          </Button>
        )}
      </div>
    </div>
  );
}
