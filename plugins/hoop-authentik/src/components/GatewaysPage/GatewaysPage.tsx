import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { hoopAuthentikTranslationRef } from '../../translation';
import { RequestQueue } from '../Requests/RequestQueue';
import { GatewayList } from './GatewayList';
import { useSearch } from './useSearch';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(2),
      padding: theme.spacing(1, 3, 2),
      minWidth: 0,
      [theme.breakpoints.down('xs')]: { padding: theme.spacing(1, 2) },
    },
    tab: { textTransform: 'none', minWidth: 0 },
  }),
  { name: 'PluginHoopAuthentikGatewaysPage' },
);

/** The gateways that the viewer may see, and the requests that concern the viewer. @internal */
export function GatewaysPage() {
  const classes = useStyles();
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  const { search, narrow } = useSearch();
  // A notification leads to a request alone.
  const isAboutRequests =
    search.get('tab') === 'requests' || search.has('request');
  const tab = isAboutRequests ? 'requests' : 'gateways';
  const of = (name: string) => search.get(name) ?? undefined;

  return (
    <section aria-label={t('gateways.title')} className={classes.root}>
      <Tabs
        value={tab}
        indicatorColor="primary"
        aria-label={t('gateways.title')}
        // Filters of one tab mean nothing to the other.
        onChange={(_, chosen) =>
          narrow({
            ...Object.fromEntries(
              [...search.keys()].map(name => [name, undefined]),
            ),
            tab: chosen === 'gateways' ? undefined : chosen,
          })
        }
      >
        <Tab
          className={classes.tab}
          value="gateways"
          label={t('gateways.tab')}
        />
        <Tab
          className={classes.tab}
          value="requests"
          label={t('requests.heading')}
        />
      </Tabs>
      {tab === 'gateways' ? (
        <GatewayList />
      ) : (
        <RequestQueue
          choice={{
            view: of('view'),
            kind: of('kind'),
            text: of('text'),
            request: of('request'),
          }}
          onChoose={choice => narrow({ ...choice, tab })}
        />
      )}
    </section>
  );
}
