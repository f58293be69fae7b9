import { InputError } from '@backstage/errors';
import type {
  EnvFileTargetConfig,
  HelmValuesTargetConfig,
} from '../config/types';
import type { SettingsTarget } from './types';

const FILES = {
  helmValues: {
    description: 'a Helm values file in a repository',
    remedy:
      'Use hoop:helmValues:patch in a template that opens a pull request, and deploy it.',
  },
  envFile: {
    description: 'an env file of docker compose',
    remedy:
      'Use hoop:envFile:patch on the file, then start the gateway again with docker compose up -d.',
  },
};

/**
 * A gateway whose settings live in a file that only a pull request or the patch actions change. It is known by what the
 * gateway itself shows.
 *
 * @internal
 */
export class FileTarget implements SettingsTarget {
  readonly type: 'helmValues' | 'envFile';
  readonly description: string;
  readonly refusal: string;

  constructor({ type }: HelmValuesTargetConfig | EnvFileTargetConfig) {
    const { description, remedy } = FILES[type];
    this.type = type;
    this.description = description;
    this.refusal = `Its settings are kept in ${description} (target "${type}" in app-config), which is neither read nor written here. ${remedy}`;
  }

  async read(): Promise<never> {
    throw new InputError(this.refusal);
  }

  async restart(): Promise<never> {
    throw new InputError(this.refusal);
  }
}
