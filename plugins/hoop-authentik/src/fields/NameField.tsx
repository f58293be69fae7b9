import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useMemo } from 'react';
import { LookupField } from './LookupField';

/** A look-up whose value is one name. @internal */
export function NameField(
  props: Omit<
    Parameters<typeof LookupField>[0],
    'field' | 'multiple' | 'values' | 'onChange'
  > & { field: FieldExtensionComponentProps<string> },
) {
  const { field } = props;
  const { formData, onChange } = field;
  const values = useMemo(() => (formData ? [formData] : []), [formData]);
  return (
    <LookupField
      {...props}
      values={values}
      onChange={([chosen]) => onChange(chosen)}
    />
  );
}
