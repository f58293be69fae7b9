import type { Entity } from '@backstage/catalog-model';
import {
  translationApiRef,
  type ApiHolder,
} from '@backstage/frontend-plugin-api';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  Access,
  ConnectionPlan,
  IntegrationSummary,
} from 'backstage-plugin-hoop-authentik-common';
import type { ComponentType } from 'react';
import { attachedEntity } from '../__fixtures__/entities';
import { hoopAuthentikApiRef } from '../api';
import { AccessField } from './AccessField';
import { CertificateField } from './CertificateField';
import { certificateField } from './certificateField';
import { FlowField } from './FlowField';
import { flowField } from './flowField';
import { GatewayField } from './GatewayField';
import { gatewayField } from './gatewayField';
import { GroupsField } from './GroupsField';
import { groupsField } from './groupsField';
import type { LookupApis } from './loadGatewayChoices';
import { PlanField } from './PlanField';

const ENTITY = 'component:default/example';
const FORM = { entity: ENTITY };
const GROUPS = [
  { name: 'engineering', memberCount: 12 },
  { name: 'admin', memberCount: 1 },
];
const CERTIFICATES = [
  {
    name: 'Hoop key',
    keyType: 'rsa',
    expiresAt: '2030-05-01T12:00:00Z',
    usable: true,
    usedBy: ['Wiki'],
  },
  { name: 'Old key', keyType: 'ed25519', usable: false, usedBy: [] },
];
const FLOWS = [
  { slug: 'consent', name: 'Ask first', designation: 'authorization' },
];
const PLAN: ConnectionPlan = {
  application: [
    { object: 'application "hoop"', field: 'name', from: '', to: 'Hoop' },
    { object: 'application "hoop"', field: 'group', from: '', to: 'X' },
  ],
  gateway: [{ object: 'Secret hoop/idp', field: 'A', from: '', to: 'x' }],
  restarts: true,
  notes: [],
};
const ACCESS: Access = {
  everyone: false,
  mode: 'any',
  grants: [
    {
      kind: 'group',
      name: 'engineering',
      enabled: true,
      negate: false,
      memberCount: 12,
    },
    { kind: 'group', name: 'guests', enabled: true, negate: true },
  ],
  signIns: [
    { username: 'jane', at: '2026-05-01T12:00:00Z' },
    { username: 'jane', at: '2026-05-01T11:00:00Z' },
  ],
  observedAt: '2026-05-01T12:00:00Z',
};
const GATEWAY = {
  name: 'production',
  title: 'Production',
  url: 'https://hoop.example.com',
  authentik: 'main',
  application: 'hoop',
  adminGroup: 'admin',
  targetType: 'kubernetes',
};
const SUMMARY: IntegrationSummary = {
  id: 'one',
  entityRef: ENTITY,
  gateway: { name: 'production', title: 'Production', url: GATEWAY.url },
  state: 'not-connected',
  warnings: 0,
  complete: true,
  problems: 0,
  stale: false,
};

function entityOf(name: string, gateway: string): Entity {
  const entity = attachedEntity(name);
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: { 'hoop.dev/gateway': gateway },
    },
  };
}

const failing = async () => {
  throw new Error('out of reach');
};

function apisOf(api: Partial<LookupApis['api']> = {}): LookupApis {
  const entities = [
    attachedEntity('example'),
    entityOf('files', 'in-files'),
    entityOf('foreign', 'of-others'),
  ];
  return {
    api: {
      getAccess: async () => ACCESS,
      listCertificates: async () => CERTIFICATES,
      listFlows: async () => FLOWS,
      listGateways: async () => [
        GATEWAY,
        {
          ...GATEWAY,
          name: 'in-files',
          title: 'Files',
          targetType: 'helmValues',
        },
        { ...GATEWAY, name: 'lonely', title: 'Lonely' },
      ],
      listGroups: async () => GROUPS,
      listIntegrations: async () => ({ items: [SUMMARY] }),
      planConnection: async () => PLAN,
      ...api,
    },
    catalog: {
      getEntities: async () => ({ items: entities }),
      getEntityByRef: async () => attachedEntity('example'),
    } as unknown as LookupApis['catalog'],
  };
}

async function renderField<T>(
  Field: ComponentType<FieldExtensionComponentProps<T>>,
  given: {
    formData?: T;
    form?: object;
    options?: object;
    schema?: object;
    api?: Partial<LookupApis['api']>;
  } = {},
) {
  const onChange = jest.fn();
  const { api, catalog } = apisOf(given.api);
  const props = {
    formData: given.formData,
    onChange,
    schema: { title: 'Title', description: 'Help', ...given.schema },
    uiSchema: { 'ui:options': given.options },
    idSchema: { $id: 'root_field' },
    formContext: { formData: { ...FORM, ...given.form } },
  } as unknown as FieldExtensionComponentProps<T>;
  await renderInTestApp(<Field {...props} />, {
    apis: [
      [hoopAuthentikApiRef, api],
      [catalogApiRef, catalog],
    ],
  });
  return onChange;
}

const input = () => screen.getByRole('textbox', { name: 'Title' });

describe('HoopGroups', () => {
  it('should offer the groups of the gateway’s authentik', async () => {
    const onChange = await renderField(GroupsField, {
      formData: [{ group: '' }],
    });

    await userEvent.click(input());
    const option = await screen.findByRole('option', { name: /^admin/ });
    expect(option).toHaveTextContent('administrators · 1 member');
    await userEvent.click(option);

    expect(onChange).toHaveBeenCalledWith([{ group: 'admin' }]);
  });

  it('should take what was typed when the field is left, and keep what was chosen', async () => {
    const onChange = await renderField(GroupsField, {
      formData: [{ group: 'admin' }],
    });

    await userEvent.type(input(), 'engineering');
    await userEvent.tab();

    expect(onChange.mock.calls).toEqual([
      [[{ group: 'admin' }, { group: 'engineering' }]],
    ]);
  });
});

describe('where the backend cannot be asked', () => {
  it.each([
    ['HoopGroups', GroupsField, /^The groups of/, [{ group: 'typed' }]],
    ['HoopCertificate', CertificateField, /^The certificates of/, 'typed'],
    ['HoopFlow', FlowField, /^The flows of/, 'typed'],
    ['HoopGateway', GatewayField, /^What the gateways are/, 'typed'],
  ] as Array<[string, ComponentType<any>, RegExp, unknown]>)(
    '%s should say so, ask again, and take free text',
    async (_, Field, text, value) => {
      const ask = jest.fn(failing);
      const onChange = await renderField(Field, {
        api: {
          listGroups: ask,
          listCertificates: ask,
          listFlows: ask,
          listGateways: ask,
        },
      });

      expect(await screen.findByText(text)).toBeInTheDocument();
      const { length } = ask.mock.calls;
      await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
      await waitFor(() => expect(ask.mock.calls).toHaveLength(2 * length));
      await userEvent.type(input(), 'typed{Enter}');

      expect(onChange).toHaveBeenCalledWith(value);
    },
  );
});

describe('HoopGateway', () => {
  const options = { targets: ['kubernetes'], preflight: true };

  it('should list every gateway with its state, and say why some cannot be chosen', async () => {
    const onChange = await renderField(GatewayField, { options });

    await userEvent.click(input());
    await screen.findByRole('option', { name: /Not connected/ });
    const shown = screen.getAllByRole('option');
    expect(
      shown.map(option => [
        option.getAttribute('aria-disabled'),
        option.textContent,
      ]),
    ).toEqual([
      ['false', expect.stringContaining(`${ENTITY}Not connected`)],
      ['true', expect.stringContaining('target of type helmValues')],
      ['true', expect.stringContaining('You are not allowed')],
      ['true', expect.stringContaining('No catalog entity has')],
    ]);
    // Disabled options can be read with the keyboard, and not be chosen.
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(onChange).not.toHaveBeenCalled();
    await userEvent.keyboard('{ArrowUp}{Enter}');
    expect(onChange).toHaveBeenCalledWith(ENTITY);
  });

  it.each<[string, Partial<LookupApis['api']>, RegExp]>([
    ['it can be connected', {}, /^It can be connected\.$/],
    [
      'it is refused',
      {
        planConnection: async () => ({
          ...PLAN,
          refusal: 'Helm manages the objects.',
        }),
      },
      /would be refused\. Helm manages/,
    ],
    ['a system fails', { planConnection: failing }, /not be checked.*of reach/],
  ])('should show the preflight where %s', async (_, api, text) => {
    await renderField(GatewayField, { options, api, formData: ENTITY });

    expect(await screen.findByText(text)).toBeInTheDocument();
    expect(input()).toHaveValue('Production');
  });

  it('should ask nothing where the template does not preflight', async () => {
    const planConnection = jest.fn();
    await renderField(GatewayField, {
      formData: ENTITY,
      api: { planConnection },
    });

    await screen.findByText('Not connected');
    expect(planConnection).not.toHaveBeenCalled();
  });
});

describe('HoopAccess', () => {
  const schema = {
    enum: ['groups', 'everyone'],
    enumNames: ['Only members', 'Everyone'],
  };

  it('should be a choice', async () => {
    const onChange = await renderField(AccessField, {
      schema,
      formData: 'groups',
    });

    expect(screen.getByRole('radio', { name: 'Only members' })).toBeChecked();
    expect(screen.queryByText(/contractors/)).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('radio', { name: 'Everyone' }));
    expect(onChange).toHaveBeenCalledWith('everyone');
  });

  it('should warn of everyone', async () => {
    await renderField(AccessField, { schema, formData: 'everyone' });

    expect(screen.getByText(/contractors/)).toBeInTheDocument();
  });
});

describe('HoopCertificate', () => {
  it('should show type, expiry and use, and refuse what cannot sign', async () => {
    await renderField(CertificateField);

    await userEvent.click(input());
    expect(
      await screen.findByRole('option', { name: /Hoop key/ }),
    ).toHaveTextContent(/RSA · expires on .*2030 · used by Wiki/);
    const old = screen.getByRole('option', { name: /Old key/ });
    expect(old).toHaveAttribute('aria-disabled', 'true');
    expect(old).toHaveTextContent('does not expire · not in use');
  });
});

describe('HoopFlow', () => {
  it('should offer flows of the wanted kind by name and give the slug', async () => {
    const listFlows = jest.fn(async () => FLOWS);
    const onChange = await renderField(FlowField, {
      options: { designation: 'authorization' },
      api: { listFlows },
    });

    await userEvent.type(input(), 'Ask first');
    await userEvent.tab();

    expect(onChange).toHaveBeenCalledWith('consent');
    expect(listFlows).toHaveBeenCalledWith(
      'production',
      { designation: 'authorization' },
      expect.anything(),
    );
  });
});

describe('HoopPlan', () => {
  const schema = { default: 'What the template says.' };

  it('should say what a connection changes, and hand it to the review', async () => {
    const onChange = await renderField(PlanField, {
      schema,
      options: { of: 'connect' },
      form: { access: 'groups', bindings: [{ group: 'engineering' }] },
    });

    await screen.findByText('application "hoop": 2 changes.');
    expect(
      screen.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      'application "hoop": 2 changes.',
      'Secret hoop/idp: 1 change.',
      'The gateway is restarted once; sign-in is interrupted for about a minute.',
      'Members of engineering can sign in.',
    ]);
    expect(onChange).toHaveBeenLastCalledWith(
      expect.stringMatching(/2 changes\. .*interrupted.*can sign in\.$/),
    );
  });

  it('should name whom a disconnection affects', async () => {
    await renderField(PlanField, {
      schema,
      options: { of: 'disconnect' },
      form: { deleteApplication: true },
    });

    await screen.findByText('This affects: Group engineering (12 members).');
    expect(screen.getByText('Who signed in last: jane.')).toBeInTheDocument();
    expect(screen.getByText(/is deleted with its/)).toBeInTheDocument();
  });

  it.each<[string, Partial<Access>, RegExp]>([
    ['everyone', { everyone: true }, /affects everyone/],
    ['no one', { grants: [] }, /lets no one in/],
  ])('should say that %s is affected', async (_, access, text) => {
    await renderField(PlanField, {
      options: { of: 'disconnect' },
      api: { getAccess: async () => ({ ...ACCESS, ...access }) },
    });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it.each([
    ['it cannot be asked', { of: 'connect' }],
    ['the template asks nothing', {}],
  ])('should keep the text of the template where %s', async (_, options) => {
    const onChange = await renderField(PlanField, {
      schema,
      options,
      api: { planConnection: failing },
    });

    expect(
      await screen.findByText('What the template says.'),
    ).toBeInTheDocument();
    expect(onChange).toHaveBeenLastCalledWith('What the template says.');
  });
});

describe('the validation', () => {
  async function objections(
    field: { validation: Function },
    value: unknown,
    given: {
      form?: object;
      options?: object;
      api?: Partial<LookupApis['api']>;
    } = {},
  ): Promise<string[]> {
    const { api, catalog } = apisOf(given.api);
    const apis = new Map<unknown, unknown>([
      [hoopAuthentikApiRef.id, api],
      [catalogApiRef.id, catalog],
      [translationApiRef.id, mockApis.translation()],
    ]);
    const apiHolder = {
      get: ({ id }: { id: string }) => apis.get(id),
    } as ApiHolder;
    const errors: string[] = [];
    await field.validation(
      value,
      { addError: (message: string) => errors.push(message) },
      {
        apiHolder,
        formData: given.form ?? FORM,
        uiSchema: { 'ui:options': given.options },
      },
    );
    return errors;
  }

  it.each<[string, { validation: Function }, unknown, string[], object?]>([
    [
      'a group that does not exist',
      groupsField,
      [{ group: 'admin' }, { group: 'enginering' }],
      ['authentik has no group "enginering". Did you mean "engineering"?'],
    ],
    [
      'a group that resembles none',
      groupsField,
      [{ group: 'finance' }],
      ['authentik has no group "finance".'],
    ],
    [
      'a certificate that does not exist',
      certificateField,
      'hoop keys',
      ['authentik has no certificate "hoop keys". Did you mean "Hoop key"?'],
    ],
    [
      'a certificate that cannot sign',
      certificateField,
      'Old key',
      ['It cannot sign tokens: this takes a private key of type RSA or EC.'],
    ],
    [
      'a flow that does not exist',
      flowField,
      'consnet',
      [
        'authentik has no flow "consnet" for this purpose. Did you mean "consent"?',
      ],
    ],
    [
      'an entity that does not exist',
      gatewayField,
      'component:default/exmaple',
      [
        `No entity "component:default/exmaple" stands for a gateway. Did you mean "${ENTITY}"?`,
      ],
    ],
    [
      'a gateway with another target',
      gatewayField,
      'component:default/files',
      [expect.stringContaining('needs another template')],
      { targets: ['kubernetes'] },
    ],
    [
      'a gateway of others',
      gatewayField,
      'component:default/foreign',
      ['You are not allowed to change the gateway "of-others".'],
    ],
    [
      'a gateway without an entity',
      gatewayField,
      'lonely',
      [expect.stringContaining('No catalog entity has the annotation')],
    ],
  ])('should object to %s', async (...[, field, value, expected, options]) => {
    expect(await objections(field, value, { options })).toEqual(expected);
  });

  it.each<[string, { validation: Function }, unknown]>([
    ['groups', groupsField, [{ group: 'x' }]],
    ['a certificate', certificateField, 'x'],
    ['a flow', flowField, 'x'],
  ])(
    'should not object to %s where nothing can be asked, or no gateway is known',
    async (_, field, value) => {
      const api = {
        listGroups: failing,
        listCertificates: failing,
        listFlows: failing,
      };
      expect(await objections(field, value, { api })).toEqual([]);
      expect(await objections(field, value, { form: {} })).toEqual([]);
    },
  );

  it.each<[string, { validation: Function }, unknown, object?]>([
    ['groups', groupsField, [{ group: 'admin' }, { group: '' }]],
    ['a certificate', certificateField, 'Hoop key'],
    ['no certificate', certificateField, ''],
    ['a flow', flowField, 'consent'],
    ['a gateway', gatewayField, ENTITY],
    ['no gateway', gatewayField, ''],
    [
      'a gateway of others, for a template that changes nothing',
      gatewayField,
      'component:default/foreign',
      { manage: false },
    ],
  ])('should accept %s', async (...[, field, value, options]) => {
    expect(await objections(field, value, { options })).toEqual([]);
  });
});
