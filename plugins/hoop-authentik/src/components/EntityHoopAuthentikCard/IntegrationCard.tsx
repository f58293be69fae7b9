import { ResponseError } from '@backstage/errors';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { useIntegration, type IntegrationResult } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from './ErrorNotice';
import { ForbiddenNotice } from './ForbiddenNotice';
import { IntegrationDetails } from './IntegrationDetails';
import { IntegrationSkeleton } from './IntegrationSkeleton';
import { RefreshButton } from './RefreshButton';
import { StateBadge } from './StateBadge';

const useStyles = makeStyles(
  {
    // Where there is little space the title has to wrap; the state and the button beside it cannot.
    root: { '& h3 + *': { flexShrink: 0 } },
  },
  { name: 'PluginHoopAuthentikIntegrationCard' },
);

/** Reads an integration and shows whichever of loading, error, forbidden or the integration itself applies. @internal */
export function IntegrationCard({ entityRef }: { entityRef: string }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const result = useIntegration(entityRef);
  const { integration, loading, refresh } = result;
  // Without the right to see it, what was shown before has to go as well.
  const shown = isForbidden(result.error) ? undefined : integration;

  return (
    <EntityInfoCard
      className={classes.root}
      title={t('title')}
      headerActions={
        shown && (
          <>
            <StateBadge state={shown.state} />
            <RefreshButton loading={loading} onRefresh={refresh} />
          </>
        )
      }
    >
      <div aria-busy={loading}>
        <Body {...result} integration={shown} />
      </div>
    </EntityInfoCard>
  );
}

function Body({ integration, error, loading, refresh }: IntegrationResult) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (isForbidden(error)) {
    return <ForbiddenNotice />;
  }
  if (integration) {
    return (
      <>
        {error && (
          <ErrorNotice
            title={t('refresh.failed')}
            error={error}
            retrying={loading}
            onRetry={refresh}
          />
        )}
        <IntegrationDetails integration={integration} />
      </>
    );
  }
  if (error) {
    return (
      <ErrorNotice
        title={t('error.title')}
        error={error}
        retrying={loading}
        onRetry={refresh}
      />
    );
  }
  return <IntegrationSkeleton />;
}

function isForbidden(error: Error | undefined): boolean {
  return ResponseError.is(error) && error.statusCode === 403;
}
