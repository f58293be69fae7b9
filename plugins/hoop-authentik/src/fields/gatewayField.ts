import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { GatewayField, needsOf, unusableText } from './GatewayField';
import { loadGatewayChoices } from './loadGatewayChoices';
import { unknownNames, validation } from './validate';

/** The field `HoopGateway` of template forms: the reference of the entity that stands for a gateway. @internal */
export const gatewayField = {
  name: 'HoopGateway',
  component: GatewayField,
  schema: makeFieldSchema({
    output: z => z.string(),
    uiOptions: z =>
      z.object({
        targets: z.array(z.string()).optional(),
        manage: z.boolean().optional(),
        preflight: z.boolean().optional(),
      }),
  }),
  validation: validation<string>(async (ref, { apis, options, t }) => {
    if (!ref) {
      return [];
    }
    const { choices } = await loadGatewayChoices(apis, needsOf(options));
    const chosen = choices.find(({ value }) => value === ref);
    const reason = chosen && unusableText(chosen, t);
    return reason
      ? [reason]
      : unknownNames(
          [ref],
          choices.map(({ value }) => value),
          {
            unknown: name => t('fields.unknownGateway', { name }),
            suggestion: (text, name) => t('fields.meant', { text, name }),
          },
        );
  }),
};
