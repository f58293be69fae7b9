import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { AccessField } from './AccessField';

/** The field `HoopAccess` of template forms: `groups` or `everyone`. @internal */
export const accessField = {
  name: 'HoopAccess',
  component: AccessField,
  schema: makeFieldSchema({ output: z => z.string() }),
};
