import { createApp } from '@backstage/frontend-defaults';
import { languagesModule } from './modules/languages';
import { layoutModule } from './modules/layout';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';

/** The portal. Its plugins are those of package.json, found by feature discovery (`app.packages` in app-config). */
export default createApp({
  features: [languagesModule, layoutModule, navModule, signInModule],
});
