import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import type { Gateway } from 'backstage-plugin-hoop-authentik-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import * as creators from './actions';
import type { ActionOptions } from './actions';
import { portalOf, rootConfigOf } from './__testUtils__/portal';
import { runAction, type AnyInput } from './__testUtils__/runAction';
import {
  ENTITIES,
  ENTITY_REF,
  UNATTACHED_ENTITY_REF,
} from './__testUtils__/entities';

/** A gateway whose clients fail the test on any use. */
function untouchable(gateway: Gateway): Gateway {
  const never = (system: string) =>
    new Proxy(
      {},
      {
        get(_, member) {
          throw new Error(`unexpected use of ${system}.${String(member)}`);
        },
      },
    );
  const systems = new Proxy(gateway.systems, {
    get: (_, system) =>
      system === 'forget' ? undefined : never(String(system)),
  });
  return {
    ...gateway,
    systems,
    systemsOf: () => systems,
    systemsOfTask: () => systems,
  };
}

const service = DefaultHoopAuthentikService.create({
  config: rootConfigOf({
    hoopAuthentik: {
      authentik: [{ baseUrl: 'https://auth.company', token: 'token' }],
      gateways: [
        {
          name: 'main',
          url: 'https://hoop.company',
          application: 'hoop',
          target: { type: 'envFile' },
        },
      ],
    },
  }),
});

/** What every action needs beside the gateway and the application. */
const FURTHER: AnyInput = {
  confirm: 'hoop',
  group: 'engineering',
  path: 'values.yaml',
};

type Create = (options: ActionOptions) => TemplateAction<any, any>;

async function refusalOf(
  create: Create,
  input: AnyInput,
  permission?: AuthorizeResult.DENY,
): Promise<Error | undefined> {
  const action = create({
    gateways: {
      gatewayNames: () => service.gatewayNames(),
      getGateway: name => untouchable(service.getGateway(name)),
    },
    ...portalOf({ entities: ENTITIES, permission }),
  });
  const { error } = await runAction(action, { ...FURTHER, ...input });
  return error;
}

// hoop:request:create touches no gateway: the backend plugin checks whom it asks for what.
const { createHoopRequestCreateAction: _create, ...ofGateways } = creators;
const ACTIONS = Object.values<Create>(ofGateways).map(
  create => [create({ gateways: service, ...portalOf() }).id, create] as const,
);

const SLUGS: Array<[slug: string, message: string]> = [
  [
    'no slug!',
    `The application slug must be 1 to 50 letters, digits, "-" and "_"; found "no slug!".`,
  ],
  [
    '../hoop',
    `The application slug must be 1 to 50 letters, digits, "-" and "_"; found "../hoop".`,
  ],
  [
    'token',
    `authentik reserves the application slug "token" for one of its endpoints. Choose another slug.`,
  ],
];

afterAll(() => service.close());

describe.each(ACTIONS)('the inputs of %s', (id, create) => {
  it.each([
    [
      'an unknown gateway',
      { gateway: 'nowhere' },
      'Unknown gateway "nowhere". Expected one of those declared under hoopAuthentik.gateways in app-config: main.',
    ],
    [
      'an unknown entity',
      { entityRef: 'resource:default/nothing' },
      'The entity resource:default/nothing does not exist in the catalog, or you may not see it. Give the reference of an existing entity.',
    ],
    [
      'a malformed entity reference',
      { entityRef: 'resource:/' },
      '"resource:/" is not an entity reference; expected [<kind>:][<namespace>/]<name>.',
    ],
    [
      'an entity without the annotation',
      { entityRef: UNATTACHED_ENTITY_REF },
      `The entity ${UNATTACHED_ENTITY_REF} is not attached to a gateway: it has no annotation hoop.dev/gateway. Add the annotation.`,
    ],
    [
      'an entity of another gateway',
      { entityRef: ENTITY_REF, gateway: 'other' },
      `The annotation hoop.dev/gateway attaches the entity ${ENTITY_REF} to the gateway "main", but the gateway "other" was given. Omit the gateway, or change the annotation.`,
    ],
    [
      'neither gateway nor entity',
      {},
      'Expected the name of a gateway, or an entity that is attached to one; found neither.',
    ],
  ])('should be refused before any request: %s', async (_, input, message) => {
    expect(await refusalOf(create, input)).toMatchObject({
      name: 'InputError',
      message,
    });
  });

  it('should be refused before any request: a user without the permission', async () => {
    expect(
      await refusalOf(create, { gateway: 'main' }, AuthorizeResult.DENY),
    ).toMatchObject({
      name: 'NotAllowedError',
      message:
        'You need the permission hoop-authentik.gateway.manage to change gateways. Ask your portal administrators.',
    });
  });

  if (id !== 'hoop:gateway:restart') {
    it.each(SLUGS)(
      'should be refused before any request: the slug "%s"',
      async (application, message) => {
        expect(
          await refusalOf(create, { gateway: 'main', application }),
        ).toMatchObject({ name: 'InputError', message });
      },
    );
  }

  it('should reach the gateway once they are valid', async () => {
    // Proves that the refusals above come before any use of a client, and that a use would be seen.
    expect((await refusalOf(create, { gateway: 'main' }))?.message).toMatch(
      /^unexpected use of/,
    );
  });
});
