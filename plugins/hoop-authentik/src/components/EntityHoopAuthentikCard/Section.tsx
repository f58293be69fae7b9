import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  theme => ({
    root: { minWidth: 0 },
    heading: {
      margin: theme.spacing(0, 0, 1),
      fontSize: theme.typography.body1.fontSize,
      fontWeight: 600,
    },
  }),
  { name: 'PluginHoopAuthentikSection' },
);

/** A labelled part of the card. @internal */
export function Section(props: { heading: string; children: ReactNode }) {
  const classes = useStyles();

  return (
    <section aria-label={props.heading} className={classes.root}>
      <h4 className={classes.heading}>{props.heading}</h4>
      {props.children}
    </section>
  );
}
