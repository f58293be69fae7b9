import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import {
  hoopAuthentikAccessReadPermission,
  type Access,
  type AccessGrant,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useRequest } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { Evidence } from '../shared/Evidence';
import { RelativeTime } from '../shared/RelativeTime';

const useStyles = makeStyles(
  theme => ({
    root: {
      fontSize: theme.typography.body2.fontSize,
      '& p': { margin: theme.spacing(0, 0, 1) },
      '& h3': {
        margin: theme.spacing(2, 0, 0.5),
        fontSize: theme.typography.body2.fontSize,
      },
      '& ul': { listStyle: 'none', margin: 0, padding: 0 },
      '& li': {
        padding: theme.spacing(0.5, 0),
        overflowWrap: 'anywhere',
      },
    },
    aside: { color: theme.palette.text.secondary },
    warning: { color: 'var(--bui-fg-warning)', fontWeight: 600 },
  }),
  { name: 'PluginHoopAuthentikAccessSection' },
);

/** Who may sign in, and who did. @internal */
export function AccessSection({ entityRef }: { entityRef: string }) {
  const api = useApi(hoopAuthentikApiRef);
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const access = useRequest(
    useCallback(options => api.getAccess(entityRef, options), [api, entityRef]),
  );

  return (
    <Evidence
      heading={t('access.heading')}
      permission={hoopAuthentikAccessReadPermission.name}
      result={access}
    >
      {value => <AccessDetails access={value} />}
    </Evidence>
  );
}

function AccessDetails({ access }: { access: Access }) {
  const { everyone, mode, grants, signIns } = access;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  return (
    <div className={classes.root}>
      <p className={everyone ? classes.warning : undefined}>
        {everyone ? t('access.everyone') : t(`access.${mode}`)}
      </p>
      <ul>
        {grants.map((grant, index) => (
          <li key={index}>
            <Grant grant={grant} />
          </li>
        ))}
      </ul>
      <h3>{t('access.signIns')}</h3>
      {signIns && signIns.length > 0 ? (
        <ul>
          {signIns.map(({ username, at }) => (
            <li key={`${username} ${at}`}>
              {username}{' '}
              <span className={classes.aside}>
                <RelativeTime time={at}>
                  {distance => t('access.signedIn', distance)}
                </RelativeTime>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className={classes.aside}>
          {t(signIns ? 'access.noSignIns' : 'access.signInsUnknown')}
        </p>
      )}
    </div>
  );
}

function Grant({ grant }: { grant: AccessGrant }) {
  const { kind, name, enabled, negate, expires, members, memberCount } = grant;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const notes = [
    memberCount !== undefined && t('access.members', { count: memberCount }),
    !enabled && t('access.disabled'),
    negate && t('access.negated'),
    expires &&
      t('access.until', { day: new Date(expires).toLocaleDateString() }),
  ].filter(Boolean);

  return (
    <>
      {t(`access.kind.${kind}`, { name })}{' '}
      <span className={classes.aside}>{notes.join(' · ')}</span>
      {members && members.length > 0 && (
        <div className={classes.aside}>
          {members
            .map(({ username, active }) =>
              active ? username : t('access.inactive', { username }),
            )
            .join(', ')}
        </div>
      )}
    </>
  );
}
