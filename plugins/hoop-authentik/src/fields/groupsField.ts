import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { attachmentOf } from './attachment';
import { GroupsField, type GroupBinding } from './GroupsField';
import { unknownNames, validation } from './validate';

/** The field `HoopGroups` of template forms: groups as bindings, `[{ group: … }]`. @internal */
export const groupsField = {
  name: 'HoopGroups',
  component: GroupsField,
  schema: makeFieldSchema({
    output: z => z.array(z.object({ group: z.string() })),
  }),
  validation: validation<GroupBinding[]>(
    async (bindings, { apis: { api, catalog }, form, t }) => {
      const given = bindings.flatMap(({ group }) => group || []);
      const attachment = await attachmentOf(form, catalog);
      if (!attachment || given.length === 0) {
        return [];
      }
      const groups = await api.listGroups(attachment.gateway);
      return unknownNames(
        given,
        groups.map(({ name }) => name),
        {
          unknown: name => t('fields.unknownGroup', { name }),
          suggestion: (text, name) => t('fields.meant', { text, name }),
        },
      );
    },
  ),
};
