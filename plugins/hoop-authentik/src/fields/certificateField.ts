import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { attachmentOf } from './attachment';
import { CertificateField } from './CertificateField';
import { unknownNames, validation } from './validate';

/** The field `HoopCertificate` of template forms: the name of a certificate. @internal */
export const certificateField = {
  name: 'HoopCertificate',
  component: CertificateField,
  schema: makeFieldSchema({ output: z => z.string() }),
  validation: validation<string>(
    async (name, { apis: { api, catalog }, form, t }) => {
      const attachment = name && (await attachmentOf(form, catalog));
      if (!attachment) {
        return [];
      }
      const found = await api.listCertificates(attachment.gateway);
      if (found.find(one => one.name === name)?.usable === false) {
        return [t('fields.unusableCertificate')];
      }
      return unknownNames(
        [name],
        found.map(one => one.name),
        {
          unknown: unknown => t('fields.unknownCertificate', { name: unknown }),
          suggestion: (text, meant) => t('fields.meant', { text, name: meant }),
        },
      );
    },
  ),
};
