import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EntityInfoCard,
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import {
  ANNOTATION_HOOP_GATEWAY,
  isHoopAuthentikAvailable,
} from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { IntegrationCard } from './IntegrationCard';

const README_URL =
  'https://github.com/hoop-authentik/backstage-plugin-hoop-authentik/tree/main/plugins/hoop-authentik#annotations';

const useStyles = makeStyles(
  {
    // The empty state brings the background of a page, which shows as a block inside a card.
    empty: { '& > *': { backgroundColor: 'transparent' } },
  },
  { name: 'PluginHoopAuthentikEntityCard' },
);

/** The integration of the entity whose page this is on. @internal */
export function EntityHoopAuthentikCard() {
  const classes = useStyles();
  const { entity } = useEntity();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (!isHoopAuthentikAvailable(entity)) {
    return (
      <EntityInfoCard title={t('title')}>
        <div className={classes.empty}>
          <MissingAnnotationEmptyState
            annotation={ANNOTATION_HOOP_GATEWAY}
            readMoreUrl={README_URL}
          />
        </div>
      </EntityInfoCard>
    );
  }
  return <IntegrationCard entity={entity} />;
}
