import type { Entity } from '@backstage/catalog-model';
import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { FixButton, type Fixes } from '../../fixes';
import { requestKindFor, type CardContent } from '../../integration';
import { checksRouteRef } from '../../routes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { RequestAccess } from '../Requests/RequestAccess';
import { ExternalLink } from '../shared/ExternalLink';
import { AskOwner } from './AskOwner';
import { useSentence } from './useSentence';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
      minHeight: theme.spacing(4.5),
    },
    text: { flex: '1 1 240px', minWidth: 0, overflowWrap: 'anywhere' },
    sentence: {
      display: '-webkit-box',
      overflow: 'hidden',
      WebkitBoxOrient: 'vertical',
      WebkitLineClamp: 3,
      margin: 0,
      fontSize: theme.typography.body1.fontSize,
    },
    detail: {
      margin: theme.spacing(0.5, 0, 0),
      color: theme.palette.text.secondary,
      fontSize: theme.typography.body2.fontSize,
    },
    button: { flexShrink: 0, textTransform: 'none' },
  }),
  { name: 'PluginHoopAuthentikHeadline' },
);

interface HeadlineProps {
  entity: Entity;
  integration: Integration;
  content: CardContent;
  fixes: Fixes;
  retrying: boolean;
  onRetry: () => void;
}

/** The sentence, and the button that goes with it. @internal */
export function Headline(props: HeadlineProps) {
  const { integration, content } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const sentence = useSentence(integration, content);

  return (
    <div className={classes.root}>
      <div className={classes.text}>
        <p className={classes.sentence} title={sentence}>
          {sentence}
        </p>
        <p className={classes.detail}>
          {integration.state === 'not-connected' ? (
            t('summary.connectBenefit')
          ) : (
            <Parties integration={integration} />
          )}
        </p>
      </div>
      <PrimaryButton {...props} />
    </div>
  );
}

/** Which gateway is joined to which application. */
function Parties({ integration }: { integration: Integration }) {
  const { gateway, application } = integration;
  const name = application.name ?? application.slug;

  return (
    <>
      <ExternalLink to={gateway.url}>{gateway.title}</ExternalLink>
      {gateway.version && ` ${gateway.version}`}
      {' · '}
      {/* The admin page of an application that is not there is a dead end: no link. */}
      {application.exists ? (
        <ExternalLink to={application.adminUrl}>{name}</ExternalLink>
      ) : (
        name
      )}
    </>
  );
}

function PrimaryButton(props: HeadlineProps) {
  const { content, fixes, retrying, onRetry } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const checks = useRouteRef(checksRouteRef);
  const look = {
    variant: 'contained',
    color: 'primary',
    size: 'small',
  } as const;

  switch (content.primary?.kind) {
    case 'retry':
      return (
        <Button
          {...look}
          className={classes.button}
          aria-disabled={retrying}
          onClick={retrying ? undefined : onRetry}
        >
          {t('action.retry')}
        </Button>
      );
    case 'view-problem':
      return checks ? (
        <LinkButton {...look} className={classes.button} to={checks()}>
          {t('action.viewProblem')}
        </LinkButton>
      ) : null;
    case 'fix': {
      const { fix } = content.primary;
      const offered = fixes.offer(fix);
      if (offered) {
        return (
          <FixButton {...look} offered={offered}>
            {t(`action.${fix.action}`)}
          </FixButton>
        );
      }
      return <InsteadOfButton {...props} />;
    }
    default:
      return <InsteadOfButton {...props} />;
  }
}

/** For whoever may not change the gateway. */
function InsteadOfButton(props: HeadlineProps) {
  const { content, entity, fixes, integration } = props;
  if (fixes.allowed !== false) {
    return null;
  }
  const kind = requestKindFor(integration);
  const owner = content.primary ? <AskOwner entity={entity} /> : null;
  return kind ? (
    <RequestAccess
      kind={kind}
      entityRef={integration.entityRef}
      otherwise={owner}
    />
  ) : (
    owner
  );
}
