import {
  useAnalytics,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import { hoopAuthentikTranslationRef } from '../../translation';

/**
 * A link to another system, or just its text where the address is not one a browser should open: a misconfigured
 * address could carry a script.
 *
 * @internal
 */
export function ExternalLink(props: {
  to: string | undefined;
  children: string;
  'aria-label'?: string;
}) {
  const { to, children, 'aria-label': label } = props;
  const analytics = useAnalytics();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);

  if (!to || !isWebAddress(to)) {
    return <>{children}</>;
  }
  return (
    <Link
      href={to}
      target="_blank"
      rel="noopener"
      aria-label={label && `${label}, ${t('newWindow')}`}
      onClick={() =>
        analytics.captureEvent('click', children, { attributes: { to } })
      }
    >
      {children}
      <Typography component="span" variant="srOnly">
        , {t('newWindow')}
      </Typography>
    </Link>
  );
}

/** Whether an address leads to a web page. @internal */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
