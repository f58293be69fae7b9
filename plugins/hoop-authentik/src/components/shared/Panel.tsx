import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    root: { padding: theme.spacing(2), minWidth: 0 },
    header: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(1, 2),
      marginBottom: theme.spacing(1),
    },
    heading: { margin: 0, fontSize: theme.typography.h6.fontSize },
  }),
  { name: 'PluginHoopAuthentikPanel' },
);

/** A part of a page with a heading. @internal */
export function Panel(props: {
  heading: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const classes = useStyles();
  return (
    <Paper
      component="section"
      aria-label={props.heading}
      className={classes.root}
    >
      <div className={classes.header}>
        <h2 className={classes.heading}>{props.heading}</h2>
        {props.actions}
      </div>
      {props.children}
    </Paper>
  );
}
