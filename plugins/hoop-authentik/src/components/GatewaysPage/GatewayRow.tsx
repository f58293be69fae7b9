import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import type { IntegrationSummary } from 'backstage-plugin-hoop-authentik-common';
import { memo, type ReactNode } from 'react';
import { useCheckTexts } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ExternalLink } from '../shared/ExternalLink';
import { RelativeTime } from '../shared/RelativeTime';
import { StatePill } from '../shared/StatePill';
import type { COLUMNS } from './columns';
import { RowMenu } from './RowMenu';

const useStyles = makeStyles(
  theme => ({
    aside: { color: theme.palette.text.secondary },
    nowrap: { whiteSpace: 'nowrap' },
    problem: { minWidth: 160 },
  }),
  { name: 'PluginHoopAuthentikGatewayRow' },
);

/** One gateway, with or without an entity. @internal */
export const GatewayRow = memo(function Row(props: {
  row: IntegrationSummary;
  onChanged: () => void;
}) {
  const { row, onChanged } = props;
  const { gateway, entityRef, owner, problems, error } = row;
  const inLanguage = useCheckTexts();
  const problem = row.problem && inLanguage(row.problem);
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const further = problems - 1;

  const cells: Record<(typeof COLUMNS)[number]['id'], ReactNode> = {
    gateway: <ExternalLink to={gateway.url}>{gateway.title}</ExternalLink>,
    state: row.state ? (
      <span className={classes.nowrap}>
        <StatePill
          state={row.state}
          warnings={row.warnings}
          failures={0}
          partly={false}
        />
      </span>
    ) : (
      <span className={classes.aside}>{t('gateways.unobserved')}</span>
    ),
    problem: (error ?? problem?.title) && (
      <div className={classes.problem} title={problem?.remedy}>
        {error ?? problem?.title}
        {further > 0 && (
          <span className={classes.aside}>
            {' '}
            {t('problems.more', { count: further })}
          </span>
        )}
      </div>
    ),
    entity: entityRef ? (
      <EntityRefLink entityRef={entityRef} />
    ) : (
      <span className={classes.aside}>{t('gateways.noEntity')}</span>
    ),
    owner: owner && <EntityRefLink entityRef={owner} defaultKind="group" />,
    authentik: row.authentik,
    target: gateway.targetType,
    version: gateway.version,
    keyExpiry: row.keyExpiry && (
      <time dateTime={row.keyExpiry} className={classes.nowrap}>
        {new Date(row.keyExpiry).toLocaleDateString()}
      </time>
    ),
    checkedAt: row.checkedAt && (
      <span className={`${classes.nowrap} ${row.stale ? '' : classes.aside}`}>
        <RelativeTime time={row.checkedAt}>
          {distance => t('gateways.checked', distance)}
        </RelativeTime>
        {row.stale && ` · ${t('gateways.stale')}`}
      </span>
    ),
    menu: <RowMenu row={row} onChanged={onChanged} />,
  };
  return (
    <tr>
      {Object.entries(cells).map(([id, content]) => (
        <td
          key={id}
          data-label={t(`gateways.column.${id as keyof typeof cells}`)}
        >
          {content}
        </td>
      ))}
    </tr>
  );
});
