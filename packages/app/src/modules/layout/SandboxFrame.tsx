import { coreApis, useApi } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const BANNER_HEIGHT = 32;

const useStyles = makeStyles(
  theme => ({
    root: { display: 'flex', flexDirection: 'column', height: '100vh' },
    banner: {
      flex: 'none',
      height: BANNER_HEIGHT,
      lineHeight: `${BANNER_HEIGHT}px`,
      padding: theme.spacing(0, 2),
      overflow: 'hidden',
      textAlign: 'center',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontSize: theme.typography.body2.fontSize,
      fontWeight: 600,
      color: 'var(--bui-warning-fg)',
      backgroundColor: 'var(--bui-warning-bg)',
    },
    // The sidebar has a fixed position; a transform makes it fixed to this box instead of the window, below the banner.
    app: { flex: 1, minHeight: 0, transform: 'translateZ(0)' },
    // A box of its own, because what is fixed inside of a scrolling box with a transform would scroll along.
    scroller: {
      height: '100%',
      overflow: 'auto',
      // Pages are as tall as the window.
      '& [data-backstage-core-page]': {
        height: `calc(100vh - ${BANNER_HEIGHT}px)`,
      },
    },
  }),
  { name: 'SandboxFrame' },
);

/** Says on every page that the three systems are stand-ins, where app-config says that they are. @internal */
export function SandboxFrame(props: { children: ReactNode }) {
  const classes = useStyles();
  const sandbox = useApi(coreApis.config).getOptionalBoolean('app.sandbox');

  if (!sandbox) {
    return <>{props.children}</>;
  }
  return (
    <div className={classes.root}>
      <div role="note" className={classes.banner}>
        Sandbox: authentik, Kubernetes and the gateway are stand-ins
      </div>
      <div className={classes.app}>
        <div className={classes.scroller}>{props.children}</div>
      </div>
    </div>
  );
}
