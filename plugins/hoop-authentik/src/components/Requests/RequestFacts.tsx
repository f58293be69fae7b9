import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import type { AccessRequest } from 'backstage-plugin-hoop-authentik-common';
import { Fragment, type ReactNode } from 'react';
import { taskRouteRef } from '../../routes';
import { hoopAuthentikTranslationRef } from '../../translation';

const useStyles = makeStyles(
  theme => ({
    facts: {
      display: 'grid',
      gridTemplateColumns: 'minmax(90px, max-content) 1fr',
      gap: theme.spacing(0.5, 2),
      margin: 0,
      '& dt': { color: theme.palette.text.secondary },
      '& dd': { margin: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-line' },
    },
  }),
  { name: 'PluginHoopAuthentikRequestFacts' },
);

/** Who asked for what and why, and what became of it. @internal */
export function RequestFacts({ request }: { request: AccessRequest }) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const taskPage = useRouteRef(taskRouteRef);
  const { grant, taskId } = request;
  const at = (time: string | undefined) =>
    time && <time dateTime={time}>{new Date(time).toLocaleString()}</time>;
  const user = (ref: string) => (
    <EntityRefLink entityRef={ref} defaultKind="user" />
  );

  const facts: Array<[string, ReactNode]> = [
    [t('requests.fact.requester'), user(request.requester)],
    [t('requests.fact.reason'), request.reason],
    [
      t('requests.fact.entity'),
      <EntityRefLink key="entity" entityRef={request.entityRef} />,
    ],
    [t('requests.fact.groups'), request.groups.join(', ')],
    [t('requests.fact.until'), at(request.until)],
    [t('requests.fact.createdAt'), at(request.createdAt)],
    [
      t('requests.fact.expiresAt'),
      request.state === 'pending' && at(request.expiresAt),
    ],
    [
      t('requests.fact.approvers'),
      request.state === 'pending' &&
        request.approvers.map((ref, index) => (
          <Fragment key={ref}>
            {index > 0 && ', '}
            <EntityRefLink entityRef={ref} defaultKind="group" />
          </Fragment>
        )),
    ],
    [
      t('requests.fact.decidedBy'),
      request.decidedBy && (
        <>
          {user(request.decidedBy)} · {at(request.decidedAt)}
        </>
      ),
    ],
    [t('requests.fact.comment'), request.comment],
    [
      t('requests.fact.task'),
      taskId &&
        (taskPage ? (
          <Link to={taskPage({ taskId })}>{t('requests.openTask')}</Link>
        ) : (
          taskId
        )),
    ],
    [t('requests.fact.failure'), request.failure],
    [
      t('requests.fact.ended'),
      grant?.ended && (
        <>
          {t(`requests.ended.${grant.ended}`)} · {at(grant.endedAt)}
        </>
      ),
    ],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) =>
        value ? (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ) : null,
      )}
    </dl>
  );
}
