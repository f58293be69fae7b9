import { useTranslationRef } from '@backstage/frontend-plugin-api';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { IntegrationCounts } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { countOn, TILES, type Tile } from './tileChoice';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(130px, 1fr))',
      gap: theme.spacing(1),
    },
    tile: {
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'flex-start',
      padding: theme.spacing(1, 1.5),
      border: `1px solid ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
      backgroundColor: theme.palette.background.paper,
      color: theme.palette.text.secondary,
      fontFamily: 'inherit',
      fontSize: theme.typography.body2.fontSize,
      '&:hover': { borderColor: theme.palette.text.secondary },
      '&:focus-visible': { outline: '2px solid currentColor' },
    },
    chosen: {
      borderColor: theme.palette.primary.main,
      boxShadow: `inset 0 0 0 1px ${theme.palette.primary.main}`,
    },
    count: {
      color: theme.palette.text.primary,
      fontSize: theme.typography.h5.fontSize,
      fontWeight: 600,
    },
  }),
  { name: 'PluginHoopAuthentikTiles' },
);

/** How many gateways are in each state; a tile narrows the list to its own. @internal */
export function Tiles(props: {
  counts: IntegrationCounts | undefined;
  chosen: Tile | undefined;
  onChoose: (tile: Tile | undefined) => void;
}) {
  const { counts, chosen, onChoose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <div role="group" aria-label={t('gateways.tiles')} className={classes.root}>
      {TILES.map(tile => (
        <ButtonBase
          key={tile}
          aria-pressed={chosen === tile}
          className={`${classes.tile} ${chosen === tile ? classes.chosen : ''}`}
          onClick={() => onChoose(chosen === tile ? undefined : tile)}
        >
          <span className={classes.count}>
            {counts ? countOn(tile, counts) : '–'}
          </span>
          {tile === 'unobserved' || tile === 'warnings'
            ? t(`gateways.${tile}`)
            : t(`state.${tile}`)}
        </ButtonBase>
      ))}
    </div>
  );
}
