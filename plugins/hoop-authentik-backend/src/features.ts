import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import scaffolderModuleHoopAuthentik from 'backstage-plugin-scaffolder-backend-module-hoop-authentik';
import { hoopAuthentikPlugin } from './plugin';

/**
 * The backend plugin and the scaffolder module with the actions. Where the scaffolder runs in another backend, add
 * `hoopAuthentikPlugin` and `backstage-plugin-scaffolder-backend-module-hoop-authentik` each where they belong.
 *
 * @public
 */
export const hoopAuthentikFeatures = createBackendFeatureLoader({
  *loader() {
    yield hoopAuthentikPlugin;
    yield scaffolderModuleHoopAuthentik;
  },
});
