import { Header, Page } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { hoopAuthentikTranslationRef } from '../../translation';
import { GatewaysPage } from './GatewaysPage';

/** In the new frontend system the header comes with the page. @internal */
export function LegacyGatewaysPage() {
  const { t } = useTranslationRef(hoopAuthentikTranslationRef);
  return (
    <Page themeId="tool">
      <Header title={t('gateways.title')} />
      <div style={{ gridArea: 'pageContent', overflow: 'auto' }}>
        <GatewaysPage />
      </div>
    </Page>
  );
}
