import { InputError } from '@backstage/errors';
import type {
  EnvFileTargetConfig,
  HelmValuesTargetConfig,
} from '../config/types';
import { CAPABILITIES } from './capabilities';
import type { SettingsTarget, TargetCapabilities } from './types';

/**
 * A gateway whose settings live in a file that only a pull request or the patch actions change. The gateway itself shows
 * what it uses.
 *
 * @internal
 */
export class FileTarget implements SettingsTarget {
  readonly capabilities: TargetCapabilities;
  readonly description: string;
  readonly refusal: string;

  constructor({ type }: HelmValuesTargetConfig | EnvFileTargetConfig) {
    this.capabilities = CAPABILITIES[type];
    const { keptIn, howToStore } = this.capabilities;
    this.description = keptIn;
    this.refusal = `Its settings are kept in ${keptIn} (target "${type}" in app-config), which this backend neither reads nor writes. ${howToStore}`;
  }

  async read(): Promise<never> {
    throw new InputError(this.refusal);
  }

  async restart(): Promise<never> {
    throw new InputError(this.refusal);
  }
}
