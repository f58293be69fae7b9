import {
  translationApiRef,
  type ApiHolder,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { hoopAuthentikTranslationRef } from '../translation';
import { nearest } from './lookup';
import type { LookupApis } from './loadGatewayChoices';
import { lookupApisOf } from './useLookupApis';

/** @internal */
export type Translate = TranslationFunction<
  (typeof hoopAuthentikTranslationRef)['T']
>;

/** What the scaffolder hands to a validation. @internal */
export interface ValidationContext {
  apiHolder: ApiHolder;
  formData: Record<string, unknown>;
  uiSchema?: Record<string, unknown>;
}

/**
 * A validation that objects only to what is known to be wrong: where nothing can be asked, the task finds out.
 *
 * @param objections - the texts to show; whatever it throws is no objection
 * @internal
 */
export function validation<Value>(
  objections: (
    value: Value,
    context: {
      apis: LookupApis;
      form: Record<string, unknown>;
      options: Record<string, unknown>;
      t: Translate;
    },
  ) => Promise<string[]>,
) {
  return async (
    value: Value | undefined,
    field: { addError(message: string): void },
    { apiHolder, formData, uiSchema }: ValidationContext,
  ): Promise<void> => {
    const apis = lookupApisOf(apiHolder);
    const translation = apiHolder
      .get(translationApiRef)
      ?.getTranslation(hoopAuthentikTranslationRef);
    if (value === undefined || !apis || !translation?.ready) {
      return;
    }
    const found = await objections(value, {
      apis,
      form: formData,
      options: optionsOf(uiSchema),
      t: translation.t,
    }).catch(() => []);
    found.forEach(message => field.addError(message));
  };
}

/** The `ui:options` of a field. @internal */
export function optionsOf(
  uiSchema: Record<string, unknown> | undefined,
): Record<string, unknown> {
  return { ...(uiSchema?.['ui:options'] as object | undefined) };
}

/** Texts about names that are not among those that exist, with what may have been meant. @internal */
export function unknownNames(
  given: readonly string[],
  existing: readonly string[],
  texts: {
    unknown(name: string): string;
    suggestion(unknown: string, name: string): string;
  },
): string[] {
  return given
    .filter(name => name && !existing.includes(name))
    .map(name => {
      const meant = nearest(name, existing);
      const text = texts.unknown(name);
      return meant ? texts.suggestion(text, meant) : text;
    });
}
