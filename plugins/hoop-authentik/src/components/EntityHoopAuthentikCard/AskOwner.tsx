import { RELATION_OWNED_BY, type Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EntityRefLink,
  getEntityRelations,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    root: {
      color: theme.palette.text.secondary,
      fontSize: theme.typography.body2.fontSize,
    },
  }),
  { name: 'PluginHoopAuthentikAskOwner' },
);

/** Whom to ask, in place of a button that the viewer may not press. @internal */
export function AskOwner({ entity }: { entity: Entity }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const [owner] = getEntityRelations(entity, RELATION_OWNED_BY);

  return (
    <span className={classes.root}>
      {owner
        ? t('action.ask', {
            owner: <EntityRefLink entityRef={owner} defaultKind="group" />,
          })
        : t('action.askAdministrator')}
    </span>
  );
}
