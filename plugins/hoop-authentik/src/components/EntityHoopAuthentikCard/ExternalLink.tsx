import { Link } from '@backstage/core-components';
import type { ReactNode } from 'react';

/**
 * A link to another system, or just its text where the address is not one a browser should open: a misconfigured
 * address must not take the page down, which `Link` does for addresses that carry scripts.
 *
 * @internal
 */
export function ExternalLink(props: {
  to: string | undefined;
  children: ReactNode;
  'aria-label'?: string;
}) {
  const { to, children } = props;
  return to && isWebAddress(to) ? (
    <Link to={to} aria-label={props['aria-label']}>
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}

/** Whether an address leads to a web page. @internal */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
