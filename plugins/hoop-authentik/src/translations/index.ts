/**
 * Languages besides English, for a `TranslationBlueprint` of the app.
 *
 * @packageDocumentation
 */

import { createTranslationResource } from '@backstage/frontend-plugin-api';
import { hoopAuthentikTranslationRef } from '../translation';

/**
 * Every message in German.
 *
 * @public
 */
export const hoopAuthentikTranslations = createTranslationResource({
  ref: hoopAuthentikTranslationRef,
  translations: { de: () => import('./de') },
});
