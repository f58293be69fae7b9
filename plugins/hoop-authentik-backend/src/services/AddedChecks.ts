import { InputError } from '@backstage/errors';
import { checkIdSchema } from 'backstage-plugin-hoop-authentik-common';
import type {
  AddedCheck,
  HoopAuthentikChecksExtensionPoint,
} from 'backstage-plugin-hoop-authentik-node/alpha';

/**
 * The checks that modules have added, in the order in which they came.
 *
 * @internal
 */
export class AddedChecks implements HoopAuthentikChecksExtensionPoint {
  readonly #checks: AddedCheck[] = [];

  get all(): readonly AddedCheck[] {
    return this.#checks;
  }

  addChecks(...checks: AddedCheck[]): void {
    for (const check of checks) {
      const { id, system } = check;
      if (
        !id.startsWith(`${system}.x-`) ||
        !checkIdSchema.safeParse(id).success
      ) {
        throw new InputError(
          `The check "${id}" cannot be added: expected an id of the form ${system}.x-<subject> in kebab case`,
        );
      }
      if (this.#checks.some(known => known.id === id)) {
        throw new InputError(
          `The check "${id}" cannot be added: another check has this id`,
        );
      }
      this.#checks.push(check);
    }
  }
}
