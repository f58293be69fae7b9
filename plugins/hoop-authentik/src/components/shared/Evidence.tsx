import { Progress } from '@backstage/core-components';
import { ResponseError } from '@backstage/errors';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ReactNode } from 'react';
import type { RequestResult } from '../../hooks';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ErrorNotice } from './ErrorNotice';
import { ForbiddenNotice } from './ForbiddenNotice';
import { Panel } from './Panel';

/** A part of the tab with a request of its own, so that a refusal or failure stays within it. @internal */
export function Evidence<T>(props: {
  heading: string;
  /** What it takes to see it. */
  permission: string;
  result: RequestResult<T>;
  actions?: ReactNode;
  children: (value: T) => ReactNode;
}) {
  const { heading, permission, result, actions, children } = props;
  const { value, error, loading, retry } = result;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const status = ResponseError.is(error) ? error.statusCode : undefined;

  // An older backend does not know the question.
  if (status === 404 || status === 501) {
    return null;
  }
  let body: ReactNode = <Progress />;
  if (status === 403) {
    body = <ForbiddenNotice permission={permission} />;
  } else if (value !== undefined) {
    body = children(value);
  } else if (error) {
    body = (
      <ErrorNotice
        title={t('error.part')}
        error={error}
        retrying={loading}
        onRetry={retry}
      />
    );
  }
  return (
    <Panel heading={heading} actions={actions}>
      {body}
    </Panel>
  );
}
