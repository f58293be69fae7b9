import { stringifyEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import {
  ANNOTATION_HOOP_GATEWAY,
  isHoopAuthentikAvailable,
} from 'backstage-plugin-hoop-authentik-common';
import { useFixes } from '../../fixes';
import { useIntegration, type IntegrationResult } from '../../hooks';
import { requestKindFor } from '../../integration';
import { hoopAuthentikTranslationRef } from '../../translation';
import { EntityRequests } from '../Requests/EntityRequests';
import { RequestAccess } from '../Requests/RequestAccess';
import { ErrorNotice } from '../shared/ErrorNotice';
import { ForbiddenNotice } from '../shared/ForbiddenNotice';
import { AccessSection } from './AccessSection';
import { CauseBanners } from './CauseBanners';
import { ChecksSection } from './ChecksSection';
import { HistorySection } from './HistorySection';
import { SummaryBand } from './SummaryBand';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2),
      minWidth: 0,
    },
    // Half a page each, where there is room.
    pair: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))',
      gap: theme.spacing(2),
      alignItems: 'start',
    },
  }),
  { name: 'PluginHoopAuthentikAccessTab' },
);

/** Everything known about the integration of the entity whose page this is on. @internal */
export function EntityAccessTab() {
  const { entity } = useEntity();
  return isHoopAuthentikAvailable(entity) ? (
    <AccessTab entityRef={stringifyEntityRef(entity)} />
  ) : (
    <MissingAnnotationEmptyState annotation={ANNOTATION_HOOP_GATEWAY} />
  );
}

function AccessTab({ entityRef }: { entityRef: string }) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const result = useIntegration(entityRef);
  const { integration, error, loading, refresh } = result;

  if (ResponseError.is(error) && error.statusCode === 403) {
    return <ForbiddenNotice />;
  }
  if (integration) {
    return <Contents {...result} integration={integration} />;
  }
  return error ? (
    <ErrorNotice
      title={t('error.title')}
      error={error}
      retrying={loading}
      onRetry={refresh}
    />
  ) : (
    <Progress />
  );
}

function Contents(
  props: IntegrationResult & Required<Pick<IntegrationResult, 'integration'>>,
) {
  const { integration, error, loading, refresh } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const fixes = useFixes(integration, refresh);
  const { entityRef } = integration;
  const kind = requestKindFor(integration);
  const request = fixes.allowed === false && kind && (
    <RequestAccess kind={kind} entityRef={entityRef} otherwise={null} />
  );

  return (
    <div className={classes.root}>
      {error && (
        <ErrorNotice
          title={t('refresh.failed')}
          error={error}
          retrying={loading}
          onRetry={refresh}
        />
      )}
      <SummaryBand
        integration={integration}
        loading={loading}
        onRefresh={refresh}
      />
      <CauseBanners integration={integration} />
      <ChecksSection integration={integration} fixes={fixes} />
      <div className={classes.pair}>
        <AccessSection entityRef={entityRef} />
        <div className={classes.root}>
          <EntityRequests entityRef={entityRef} action={request} />
          <HistorySection entityRef={entityRef} />
        </div>
      </div>
      {fixes.dialog}
    </div>
  );
}
