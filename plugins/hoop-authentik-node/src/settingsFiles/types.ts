import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import type { PlanLine, Settings } from '../core';

/**
 * The settings that may stand in a file for everybody to read: all but the client secret.
 *
 * @public
 */
export type OpenSettings = Omit<Settings, typeof SECRET_SETTING_KEY>;

/**
 * What became of a file's text.
 *
 * @public
 */
export interface FilePatch {
  /** The new text; the very same string where everything was as required. */
  text: string;
  /** One line for each value that changed. */
  changes: PlanLine[];
  /** What the operator should know or still has to do, a sentence or two each. */
  notes: string[];
}
