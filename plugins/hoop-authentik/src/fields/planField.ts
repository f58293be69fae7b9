import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { PlanField } from './PlanField';

/** The field `HoopPlan` of template forms: what the task will do, as text for the review. @internal */
export const planField = {
  name: 'HoopPlan',
  component: PlanField,
  schema: makeFieldSchema({
    output: z => z.string(),
    uiOptions: z =>
      z.object({ of: z.enum(['connect', 'disconnect']).optional() }),
  }),
};
