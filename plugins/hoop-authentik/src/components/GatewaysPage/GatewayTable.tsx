import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import type { IntegrationSummary } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikTranslationRef } from '../../translation';
import { COLUMNS } from './columns';
import { GatewayRow } from './GatewayRow';
import type { ListView } from './useGatewayList';

const useStyles = makeStyles(
  theme => ({
    scroller: {
      overflowX: 'auto',
      borderRadius: theme.shape.borderRadius,
      backgroundColor: theme.palette.background.paper,
      border: `1px solid ${theme.palette.divider}`,
    },
    table: {
      width: '100%',
      borderCollapse: 'collapse',
      fontSize: theme.typography.body2.fontSize,
      '& th': {
        padding: theme.spacing(1, 1.5),
        textAlign: 'start',
        whiteSpace: 'nowrap',
        color: theme.palette.text.secondary,
        fontWeight: 600,
      },
      '& td': {
        padding: theme.spacing(1, 1.5),
        borderTop: `1px solid ${theme.palette.divider}`,
        verticalAlign: 'top',
      },
      // On a phone each row is a card.
      [theme.breakpoints.down('sm')]: {
        '& thead': { display: 'none' },
        '&, & tbody, & tr, & td': { display: 'block' },
        '& tr': {
          padding: theme.spacing(1, 0),
          borderTop: `1px solid ${theme.palette.divider}`,
        },
        '& td': {
          display: 'flex',
          gap: theme.spacing(1),
          border: 0,
          padding: theme.spacing(0.25, 1.5),
          overflowWrap: 'anywhere',
        },
        '& td > *': { minWidth: 0 },
        '& td:empty': { display: 'none' },
        '& td::before': {
          content: 'attr(data-label)',
          flex: '0 0 90px',
          color: theme.palette.text.secondary,
        },
      },
    },
  }),
  { name: 'PluginHoopAuthentikGatewayTable' },
);

/** The gateways as rows; on a phone each one as a card. @internal */
export function GatewayTable(props: {
  rows: IntegrationSummary[];
  view: Pick<ListView, 'sort' | 'order'>;
  onSort: (view: Pick<ListView, 'sort' | 'order'>) => void;
  /** Called when a task has ended, however it did. */
  onChanged: () => void;
}) {
  const { rows, view, onSort, onChanged } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const order = view.order ?? 'asc';

  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={t('gateways.title')}>
        <thead>
          <tr>
            {COLUMNS.map(column => {
              const sort = 'sort' in column ? column.sort : undefined;
              const isSorted = sort !== undefined && sort === view.sort;
              const label = t(`gateways.column.${column.id}`);
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={isSorted ? `${order}ending` : undefined}
                >
                  {sort ? (
                    <TableSortLabel
                      active={isSorted}
                      direction={isSorted ? order : 'asc'}
                      onClick={() =>
                        onSort({
                          sort,
                          order: isSorted && order === 'asc' ? 'desc' : 'asc',
                        })
                      }
                    >
                      {label}
                    </TableSortLabel>
                  ) : (
                    label
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <GatewayRow key={row.id} row={row} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
