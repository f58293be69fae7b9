import { LinkButton } from '@backstage/core-components';
import Button, { type ButtonProps } from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { OfferedFix } from './useFixes';

const useStyles = makeStyles(
  { root: { flexShrink: 0, textTransform: 'none' } },
  { name: 'PluginHoopAuthentikFixButton' },
);

/** Starts a template: in a dialog where there is one, and as a link to its page elsewhere. @internal */
export function FixButton(
  props: Pick<ButtonProps, 'variant' | 'color' | 'size'> & {
    offered: OfferedFix;
    children: string;
    'aria-label'?: string;
  },
) {
  const { offered, ...rest } = props;
  const button = { ...rest, className: useStyles().root };
  return offered.open ? (
    <Button {...button} onClick={offered.open} aria-haspopup="dialog" />
  ) : (
    <LinkButton {...button} to={offered.href} />
  );
}
