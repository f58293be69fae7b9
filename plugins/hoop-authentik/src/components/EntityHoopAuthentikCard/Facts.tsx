import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import type { ReactNode } from 'react';
import { hoopAuthentikTranslationRef } from '../../translation';
import { CopyButton } from './CopyButton';
import { ExternalLink } from './ExternalLink';

const useStyles = makeStyles(
  theme => ({
    list: {
      display: 'grid',
      gridTemplateColumns: 'max-content minmax(0, 1fr)',
      gap: theme.spacing(0.75, 2),
      margin: 0,
      fontSize: theme.typography.body2.fontSize,
      lineHeight: 1.5,
    },
    label: { color: theme.palette.text.secondary },
    value: { margin: 0, overflowWrap: 'anywhere' },
    copyable: {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      // The button is taller than a line of text and must not push the rows apart.
      '& button': { margin: theme.spacing(-1, 0) },
    },
    code: { fontFamily: 'var(--bui-font-monospace)', fontSize: '0.95em' },
    aside: { color: theme.palette.text.secondary },
  }),
  { name: 'PluginHoopAuthentikFacts' },
);

/** Which gateway, which application, and what they agree on. @internal */
export function Facts({ integration }: { integration: Integration }) {
  const { gateway, application } = integration;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const unknown = <span className={classes.aside}>{t('facts.unknown')}</span>;

  return (
    <dl className={classes.list}>
      <Fact label={t('facts.gateway')}>
        <ExternalLink to={gateway.url}>{gateway.title}</ExternalLink>
        {gateway.version && (
          <span className={classes.aside}>
            {' '}
            {t('facts.version', { version: gateway.version })}
          </span>
        )}
      </Fact>
      <Fact label={t('facts.signInMethod')}>
        {gateway.authMethod ? (
          <code className={classes.code}>{gateway.authMethod}</code>
        ) : (
          unknown
        )}
      </Fact>
      <Fact label={t('facts.application')}>
        <Application application={application} />
      </Fact>
      <Fact label={t('facts.clientId')}>
        {application.clientId ? (
          <span className={classes.copyable}>
            <code className={classes.code}>{application.clientId}</code>
            <CopyButton
              text={application.clientId}
              what={t('facts.clientId')}
            />
          </span>
        ) : (
          unknown
        )}
      </Fact>
      <Fact label={t('facts.issuer')}>
        <code className={classes.code}>{application.issuer}</code>
      </Fact>
    </dl>
  );
}

function Fact(props: { label: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <>
      <dt className={classes.label}>{props.label}</dt>
      <dd className={classes.value}>{props.children}</dd>
    </>
  );
}

function Application(props: { application: Integration['application'] }) {
  const { application } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const name = application.name ?? application.slug;

  if (application.exists) {
    return <ExternalLink to={application.adminUrl}>{name}</ExternalLink>;
  }
  // The admin page of an application that is not there is a dead end: no link.
  return (
    <>
      {name}{' '}
      <span className={classes.aside}>
        {application.exists === false
          ? t('facts.applicationMissing')
          : t('facts.applicationUnknown')}
      </span>
    </>
  );
}
