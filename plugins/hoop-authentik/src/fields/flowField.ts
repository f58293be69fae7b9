import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { attachmentOf } from './attachment';
import { designationOf, FlowField } from './FlowField';
import { unknownNames, validation } from './validate';

/** The field `HoopFlow` of template forms: the slug of a flow. @internal */
export const flowField = {
  name: 'HoopFlow',
  component: FlowField,
  schema: makeFieldSchema({
    output: z => z.string(),
    uiOptions: z => z.object({ designation: z.string().optional() }),
  }),
  validation: validation<string>(
    async (slug, { apis: { api, catalog }, form, options, t }) => {
      const attachment = slug && (await attachmentOf(form, catalog));
      if (!attachment) {
        return [];
      }
      const found = await api.listFlows(attachment.gateway, {
        designation: designationOf(options),
      });
      return unknownNames(
        [slug],
        found.map(flow => flow.slug),
        {
          unknown: name => t('fields.unknownFlow', { name }),
          suggestion: (text, name) => t('fields.meant', { text, name }),
        },
      );
    },
  ),
};
