import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { hoopAuthentikTranslations } from 'backstage-plugin-hoop-authentik/translations';

/** German besides English; app-config lists the languages that people can choose in their settings. @internal */
export const languagesModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    TranslationBlueprint.make({
      name: 'hoop-authentik',
      params: { resource: hoopAuthentikTranslations },
    }),
  ],
});
