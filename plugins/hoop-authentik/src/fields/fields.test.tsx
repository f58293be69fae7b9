import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { attachedEntity } from '../__fixtures__/entities';
import { hoopAuthentikApiRef } from '../api';
import { GroupsField } from './GroupsField';
import { unknownGroups, type GroupBinding } from './unknownGroups';

const FORM = { entity: 'component:default/example' };
const catalog = { getEntityByRef: async () => attachedEntity('example') };
const GROUPS = [
  { name: 'engineering', memberCount: 12 },
  { name: 'admin', memberCount: 1 },
];
const listGateways = async () => [
  {
    name: 'production',
    title: 'Production',
    url: 'https://hoop.example.com',
    authentik: 'main',
    application: 'hoop',
    adminGroup: 'admin',
    targetType: 'kubernetes',
  },
];

async function renderField(
  listGroups: () => Promise<typeof GROUPS>,
  formData?: GroupBinding[],
) {
  const onChange = jest.fn();
  const props = {
    formData,
    onChange,
    schema: { title: 'Groups', description: 'Whose members can sign in' },
    formContext: { formData: FORM },
  } as unknown as FieldExtensionComponentProps<GroupBinding[]>;
  await renderInTestApp(<GroupsField {...props} />, {
    apis: [
      [hoopAuthentikApiRef, { listGroups, listGateways }],
      [catalogApiRef, catalog],
    ],
  });
  return onChange;
}

describe('HoopGroups', () => {
  it('should offer the groups of the gateway’s authentik', async () => {
    const onChange = await renderField(async () => GROUPS, [{ group: '' }]);

    await userEvent.click(screen.getByRole('textbox', { name: 'Groups' }));
    const option = await screen.findByRole('option', { name: /^admin/ });
    expect(option).toHaveTextContent('administrators · 1 member');
    await userEvent.click(option);

    expect(onChange).toHaveBeenCalledWith([{ group: 'admin' }]);
  });

  it('should take free text where authentik cannot be asked', async () => {
    const onChange = await renderField(async () => {
      throw new Error('out of reach');
    });

    expect(await screen.findByText(/could not be listed/)).toBeInTheDocument();
    await userEvent.type(screen.getByRole('textbox'), 'finance{Enter}');

    expect(onChange).toHaveBeenCalledWith([{ group: 'finance' }]);
  });

  it('should take what was typed when the field is left, and keep what was chosen', async () => {
    const onChange = await renderField(
      async () => GROUPS,
      [{ group: 'admin' }],
    );

    await userEvent.type(screen.getByRole('textbox'), 'engineering');
    await userEvent.tab();

    expect(onChange.mock.calls).toEqual([
      [[{ group: 'admin' }, { group: 'engineering' }]],
    ]);
  });
});

describe('unknownGroups', () => {
  const listGroups = jest.fn(async (_gateway, { text = '' } = {}) =>
    GROUPS.filter(({ name }) => name.includes(text)),
  );

  it('should find typos', async () => {
    await expect(
      unknownGroups([{ group: 'admin' }, { group: 'enginering' }], FORM, {
        api: { listGroups },
        catalog,
      }),
    ).resolves.toEqual(['enginering']);
    expect(listGroups).toHaveBeenCalledWith('production', { text: 'admin' });
  });

  it.each([
    ['authentik cannot be asked', FORM],
    ['no gateway is known', {}],
  ])('should not object where %s', async (_, form) => {
    const api = {
      listGroups: async () => {
        throw new Error('out of reach');
      },
    };

    await expect(
      unknownGroups([{ group: 'x' }], form, { api, catalog }),
    ).resolves.toEqual([]);
  });
});
