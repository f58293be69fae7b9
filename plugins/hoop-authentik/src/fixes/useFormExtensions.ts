import { useApiHolder } from '@backstage/frontend-plugin-api';
import type { FieldExtensionOptions } from '@backstage/plugin-scaffolder-react';
import {
  formFieldsApiRef,
  type FormField,
} from '@backstage/plugin-scaffolder-react/alpha';
import { useEffect, useState } from 'react';

/** The form fields that the plugins of the app bring, once they are loaded. @internal */
export function useFormExtensions(): FieldExtensionOptions[] | undefined {
  const fields = useApiHolder().get(formFieldsApiRef);
  const [loaded, setLoaded] = useState<FieldExtensionOptions[]>();

  useEffect(() => {
    let wanted = true;
    (fields?.loadFormFields() ?? Promise.resolve([])).then(
      all => wanted && setLoaded(all.filter(isExtension)),
      () => wanted && setLoaded([]),
    );
    return () => {
      wanted = false;
    };
  }, [fields]);

  return loaded;
}

/** The type of a form field is opaque; what the scaffolder makes is an extension with a mark. */
function isExtension(
  field: FormField | FieldExtensionOptions,
): field is FormField & FieldExtensionOptions {
  return 'name' in field && 'component' in field;
}
