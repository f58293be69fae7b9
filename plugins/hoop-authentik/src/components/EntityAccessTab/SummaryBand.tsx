import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { RememberedIntegration } from 'backstage-plugin-hoop-authentik-common';
import { pillState } from '../../integration';
import { hoopAuthentikTranslationRef } from '../../translation';
import { CopyButton } from '../shared/CopyButton';
import { ExternalLink } from '../shared/ExternalLink';
import { Panel } from '../shared/Panel';
import { RefreshButton } from '../shared/RefreshButton';
import { RelativeTime } from '../shared/RelativeTime';
import { StatePill } from '../shared/StatePill';

const useStyles = makeStyles(
  theme => ({
    actions: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      color: theme.palette.text.secondary,
      fontSize: theme.typography.caption.fontSize,
    },
    facts: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 230px), 1fr))',
      gap: theme.spacing(1.5, 3),
      margin: 0,
      fontSize: theme.typography.body2.fontSize,
      '& dt': {
        color: theme.palette.text.secondary,
        fontSize: theme.typography.caption.fontSize,
      },
      '& dd': {
        display: 'flex',
        alignItems: 'center',
        gap: theme.spacing(0.5),
        margin: 0,
        overflowWrap: 'anywhere',
      },
    },
    wide: {
      gridColumn: 'span 2',
      [theme.breakpoints.down('xs')]: { gridColumn: 'auto' },
    },
    code: { fontFamily: 'var(--bui-font-monospace)', fontSize: '0.95em' },
  }),
  { name: 'PluginHoopAuthentikSummaryBand' },
);

/** What the integration consists of, and since when it is in its state. @internal */
export function SummaryBand(props: {
  integration: RememberedIntegration;
  loading: boolean;
  onRefresh: () => void;
}) {
  const { integration, loading, onRefresh } = props;
  const { gateway, application, authentik, since, checkedAt } = integration;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const found = (id: string) =>
    integration.checks.find(check => check.id === id)?.actual;
  const code = (text: string | undefined) =>
    text && <code className={classes.code}>{text}</code>;

  const facts = [
    {
      label: t('facts.gateway'),
      value: (
        <span>
          <ExternalLink to={gateway.url}>{gateway.title}</ExternalLink>{' '}
          {gateway.version && t('facts.version', { version: gateway.version })}
        </span>
      ),
    },
    {
      label: t('facts.target'),
      value: gateway.target && <Target type={gateway.target} />,
    },
    { label: t('facts.signInMethod'), value: code(gateway.authMethod) },
    {
      label: t('facts.application'),
      value: application.exists ? (
        <ExternalLink to={application.adminUrl}>
          {application.name ?? application.slug}
        </ExternalLink>
      ) : (
        `${application.slug} (${t(
          application.exists === false
            ? 'facts.applicationMissing'
            : 'facts.applicationUnknown',
        )})`
      ),
    },
    {
      label: t('facts.authentik'),
      value: (
        <span>
          <ExternalLink to={authentik.baseUrl}>{authentik.name}</ExternalLink>{' '}
          {authentik.version &&
            t('facts.version', { version: authentik.version })}
        </span>
      ),
    },
    { label: t('facts.access'), value: found('authentik.bindings') },
    {
      label: t('facts.keyExpiry'),
      value: found('authentik.signing-key-expiry'),
    },
    {
      label: t('facts.clientId'),
      wide: true,
      value: application.clientId && (
        <>
          {code(application.clientId)}
          <CopyButton text={application.clientId} what={t('facts.clientId')} />
        </>
      ),
    },
    { label: t('facts.issuer'), wide: true, value: code(application.issuer) },
  ];

  return (
    <Panel
      heading={t('title')}
      actions={
        <div className={classes.actions}>
          {checkedAt && (
            <RelativeTime time={checkedAt}>
              {distance => t('footer.checked', distance)}
            </RelativeTime>
          )}
          {since && since !== checkedAt && (
            <RelativeTime time={since}>
              {distance => t('facts.since', distance)}
            </RelativeTime>
          )}
          <StatePill {...pillState(integration)} announced />
          <RefreshButton loading={loading} onRefresh={onRefresh} />
        </div>
      }
    >
      <dl className={classes.facts}>
        {facts.map(({ label, value, wide }) => (
          <div key={label} className={wide ? classes.wide : undefined}>
            <dt>{label}</dt>
            <dd>{value || t('facts.unknown')}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** Where the settings are kept; a type of a newer backend by its own name. */
function Target({ type }: { type: string }) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  switch (type) {
    case 'kubernetes':
    case 'gatewayApi':
    case 'helmValues':
    case 'envFile':
      return <>{t(`target.${type}`)}</>;
    default:
      return <>{type}</>;
  }
}
