import type { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { useMemo } from 'react';
import { useFixes } from '../../fixes';
import type { IntegrationResult } from '../../hooks';
import { cardContent, pillState } from '../../integration';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from '../shared/ErrorNotice';
import { RefreshButton } from '../shared/RefreshButton';
import { StatePill } from '../shared/StatePill';
import { CardFooter } from './CardFooter';
import { CardMenu } from './CardMenu';
import { Commands } from './Commands';
import { Headline } from './Headline';
import { Problems } from './Problems';

const useStyles = makeStyles(
  theme => ({
    body: {
      containerType: 'inline-size',
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
    },
  }),
  { name: 'PluginHoopAuthentikCardContents' },
);

/** An integration: its state, one sentence, one button, and what stands in the way. @internal */
export function CardContents(
  props: IntegrationResult & {
    className: string;
    entity: Entity;
    integration: Integration;
  },
) {
  const { integration, entity, error, loading, refresh } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const content = useMemo(() => cardContent(integration), [integration]);
  const fixes = useFixes(integration, refresh);

  return (
    <EntityInfoCard
      className={props.className}
      title={t('title')}
      headerActions={
        <>
          <StatePill {...pillState(integration)} announced />
          <RefreshButton loading={loading} onRefresh={refresh} />
          <CardMenu integration={integration} fixes={fixes} />
        </>
      }
    >
      <div className={classes.body} aria-busy={loading}>
        {error && (
          <ErrorNotice
            title={t('refresh.failed')}
            error={error}
            retrying={loading}
            onRetry={refresh}
          />
        )}
        <Headline
          entity={entity}
          integration={integration}
          content={content}
          fixes={fixes}
          retrying={loading}
          onRetry={refresh}
        />
        {content.problems.length > 0 && (
          <Problems integration={integration} content={content} fixes={fixes} />
        )}
        {content.showsCommands && content.problems.length < 2 && (
          <Commands commands={integration.commands} />
        )}
        <CardFooter integration={integration} />
      </div>
      {fixes.dialog}
    </EntityInfoCard>
  );
}
