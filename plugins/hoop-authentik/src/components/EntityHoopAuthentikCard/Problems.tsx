import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Integration,
  Problem,
} from 'backstage-plugin-hoop-authentik-common';
import { FixButton, type Fixes } from '../../fixes';
import type { CardContent } from '../../integration';
import { checksRouteRef } from '../../routes';
import { hoopAuthentikTranslationRef } from '../../translation';
import { ExternalLink, isWebAddress } from '../shared/ExternalLink';
import { StatusIcon } from '../shared/StatusIcon';

const NARROW = '@container (max-width: 400px)';

const useStyles = makeStyles(
  theme => ({
    // In a narrow card two problems of two lines each have room.
    root: {
      [NARROW]: {
        '& $list > li:nth-child(3), & $fix, & $onlyWide': { display: 'none' },
        '& $onlyNarrow': { display: 'block' },
        '& $title, & $facts': {
          display: 'block',
          overflow: 'hidden',
          textOverflow: 'ellipsis',
          whiteSpace: 'nowrap',
        },
      },
    },
    onlyWide: {},
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      '& > li': {
        display: 'flex',
        gap: theme.spacing(1),
        padding: theme.spacing(0.75, 0),
        borderTop: `1px solid ${theme.palette.divider}`,
        fontSize: theme.typography.body2.fontSize,
        lineHeight: 1.43,
      },
    },
    text: { flexGrow: 1, minWidth: 0 },
    title: { fontWeight: 600 },
    // What was found can be as long as a URL or an error; the tab has all of it.
    facts: {
      display: '-webkit-box',
      overflow: 'hidden',
      WebkitBoxOrient: 'vertical',
      WebkitLineClamp: 2,
      overflowWrap: 'anywhere',
      color: theme.palette.text.secondary,
    },
    onlyNarrow: { display: 'none' },
    fix: {
      flexShrink: 0,
      alignSelf: 'center',
      '& a': { textDecoration: 'underline' },
    },
    more: { fontSize: theme.typography.body2.fontSize },
  }),
  { name: 'PluginHoopAuthentikProblems' },
);

interface ProblemsProps {
  integration: Integration;
  content: CardContent;
  fixes: Fixes;
}

/** The worst problems: what is expected and what was found, and the fix where it is not that of the one button. @internal */
export function Problems({ integration, content, fixes }: ProblemsProps) {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const shown = content.problems.length;
  const further = content.furtherProblems;

  return (
    <section aria-label={t('problems.heading')} className={classes.root}>
      <ul className={classes.list}>
        {content.problems.map(problem => (
          <li key={problem.id}>
            <StatusIcon status={problem.severity} />
            <div className={classes.text}>
              <div className={classes.title}>{problem.title}</div>
              <Facts problem={problem} integration={integration} />
            </div>
            <div className={classes.fix}>
              <ProblemFix problem={problem} content={content} fixes={fixes} />
            </div>
          </li>
        ))}
      </ul>
      {[
        { className: classes.onlyWide, count: further },
        {
          className: classes.onlyNarrow,
          count: further + Math.max(0, shown - 2),
        },
      ].map(
        ({ className, count }) =>
          count > 0 && (
            <div key={className} className={`${classes.more} ${className}`}>
              <More count={count} />
            </div>
          ),
      )}
    </section>
  );
}

function More({ count }: { count: number }) {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const checks = useRouteRef(checksRouteRef);
  const text = t('problems.more', { count });

  return checks ? <Link to={checks()}>{text}</Link> : <>{text}</>;
}

function Facts(props: { problem: Problem; integration: Integration }) {
  const { problem, integration } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const check = integration.checks.find(({ id }) => id === problem.id);
  const { expected, actual } = check ?? {};

  if (expected && actual) {
    return (
      <div
        className={classes.facts}
        title={t('problems.differenceLabel', { expected, actual })}
      >
        {t('problems.difference', { expected, actual })}
      </div>
    );
  }
  // What the gateway says is in the sentence of the card.
  const error = problem.id === 'gateway.down' ? undefined : problem.error;
  const text = error ?? actual ?? problem.remedy;
  return (
    <div className={classes.facts} title={text}>
      {text}
    </div>
  );
}

function ProblemFix(props: {
  problem: Problem;
  content: CardContent;
  fixes: Fixes;
}) {
  const { problem, content, fixes } = props;
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { fix, link, title } = problem;
  const { primary } = content;

  // The one button of the card covers it already.
  const covered =
    fix && primary?.kind === 'fix' && primary.fix.action === fix.action;
  const offered = fix && !covered && fixes.offer(fix);
  if (offered) {
    const action = t(`action.${fix.action}`);
    return (
      <FixButton
        offered={offered}
        variant="outlined"
        size="small"
        aria-label={t('action.forProblem', { action, title })}
      >
        {action}
      </FixButton>
    );
  }
  return link && !covered && isWebAddress(link) ? (
    <ExternalLink to={link} aria-label={t('checks.openLabel', { title })}>
      {t('checks.open')}
    </ExternalLink>
  ) : null;
}
