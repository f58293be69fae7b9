import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { useIntegration, type IntegrationResult } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';
import { ForbiddenNotice } from '../shared/ForbiddenNotice';
import { CardContents } from './CardContents';
import { CardSkeleton } from './CardSkeleton';

const useStyles = makeStyles(
  {
    // Where there is little space, the state and the buttons go below the title.
    root: {
      '& :has(> h3)': { flexWrap: 'wrap' },
      '& h3 + *': { flexShrink: 0, marginInlineStart: 'auto' },
    },
  },
  { name: 'PluginHoopAuthentikIntegrationCard' },
);

/** Reads an integration and shows whichever of loading, error, forbidden or the integration itself applies. @internal */
export function IntegrationCard({ entity }: { entity: Entity }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const result = useIntegration(stringifyEntityRef(entity));
  const { integration, error } = result;

  // Without the right to see it, what was shown before has to go as well.
  if (integration && !isForbidden(error)) {
    return (
      <CardContents
        {...result}
        className={classes.root}
        entity={entity}
        integration={integration}
      />
    );
  }
  return (
    <EntityInfoCard className={classes.root} title={t('title')}>
      <div aria-busy={result.loading}>
        <WithoutIntegration {...result} />
      </div>
    </EntityInfoCard>
  );
}

function WithoutIntegration({ error, loading, refresh }: IntegrationResult) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (isForbidden(error)) {
    return <ForbiddenNotice />;
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
  return <CardSkeleton />;
}

function isForbidden(error: Error | undefined): boolean {
  return ResponseError.is(error) && error.statusCode === 403;
}
