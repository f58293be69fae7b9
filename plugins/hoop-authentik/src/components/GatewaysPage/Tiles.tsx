import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { IntegrationQuery } from 'backstage-plugin-hoop-authentik-common';
import { useCallback } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useRequest } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';

/** States that a tile counts, the worst first. */
const TILES = [
  'down',
  'drifted',
  'unreachable',
  'pending',
  'connected',
  'not-connected',
  'unobserved',
] as const;

/** @internal */
export type TileState = (typeof TILES)[number];

/** @internal */
export function isTileState(text: string | null): text is TileState {
  return TILES.some(tile => tile === text);
}

/** More than this many are not counted. */
const MOST = 200;

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
  chosen: TileState | undefined;
  onChoose: (state: TileState | undefined) => void;
}) {
  const { chosen, onChoose } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const counts = useCounts();

  return (
    <div role="group" aria-label={t('gateways.tiles')} className={classes.root}>
      {TILES.map(state => (
        <ButtonBase
          key={state}
          aria-pressed={chosen === state}
          className={`${classes.tile} ${
            chosen === state ? classes.chosen : ''
          }`}
          onClick={() => onChoose(chosen === state ? undefined : state)}
        >
          <span className={classes.count}>{counts?.[state] ?? '–'}</span>
          {state === 'unobserved'
            ? t('gateways.unobserved')
            : t(`state.${state}`)}
        </ButtonBase>
      ))}
    </div>
  );
}

function useCounts(): Record<string, string> | undefined {
  const api = useApi(hoopAuthentikApiRef);
  const { value } = useRequest(
    useCallback(
      async options => {
        const counts = await Promise.all(
          TILES.map(async state => {
            const query: IntegrationQuery = { state: [state], limit: MOST };
            const page = await api.listIntegrations(query, options);
            const more = page.nextCursor ? '+' : '';
            return [state, `${page.items.length}${more}`] as const;
          }),
        );
        return Object.fromEntries(counts);
      },
      [api],
    ),
  );
  return value;
}
