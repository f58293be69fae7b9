import type { ApiHolder } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { hoopAuthentikApiRef } from '../api';
import { GroupsField } from './GroupsField';
import { unknownGroups, type GroupBinding } from './unknownGroups';

/** The field `HoopGroups` of template forms: groups as bindings, `[{ group: … }]`. @internal */
export const groupsField = {
  name: 'HoopGroups',
  component: GroupsField,
  schema: makeFieldSchema({
    output: z => z.array(z.object({ group: z.string() })),
  }),
  async validation(
    bindings: GroupBinding[] | undefined,
    field: { addError(message: string): void },
    context: { apiHolder: ApiHolder; formData: Record<string, unknown> },
  ): Promise<void> {
    const api = context.apiHolder.get(hoopAuthentikApiRef);
    const catalog = context.apiHolder.get(catalogApiRef);
    if (!api || !catalog) {
      return;
    }
    const given = (bindings ?? []).filter(({ group }) => group);
    const missing = await unknownGroups(given, context.formData, {
      api,
      catalog,
    });
    for (const group of missing) {
      field.addError(`authentik has no group "${group}"`);
    }
  },
};
