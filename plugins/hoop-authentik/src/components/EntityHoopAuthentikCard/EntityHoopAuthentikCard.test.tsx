import type { Entity } from '@backstage/catalog-model';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import {
  AuthorizeResult,
  type DefinitivePolicyDecision,
} from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  IntegrationState,
  RememberedIntegration as Integration,
} from 'backstage-plugin-hoop-authentik-common';
import { useState, type ReactNode } from 'react';
import { attachedEntity, detachedEntity } from '../../__fixtures__/entities';
import {
  brokenIntegration,
  integrations,
  openIntegration,
} from '../../__fixtures__/integrations';
import { responseError } from '../../__fixtures__/responseError';
import { DefaultHoopAuthentikApi, hoopAuthentikApiRef } from '../../api';
import { checksRouteRef, templateRouteRef } from '../../routes';
import { signalApiRef } from '../../hooks/useSignalCount';
import { EntityHoopAuthentikCard } from './EntityHoopAuthentikCard';

const unavailable = () =>
  responseError(503, 'ServiceUnavailableError', 'authentik does not answer');

async function renderCard(
  getIntegration: jest.Mock,
  entity: Entity = attachedEntity('example'),
) {
  return renderInTestApp(
    <EntityProvider entity={entity}>
      <EntityHoopAuthentikCard />
    </EntityProvider>,
    { apis: [[hoopAuthentikApiRef, { getIntegration }]] },
  );
}

const ownedEntity: Entity = {
  ...attachedEntity('example'),
  relations: [{ type: 'ownedBy', targetRef: 'group:default/platform' }],
};

/** The card where a scaffolder and the tab are, for a viewer who may or may not change the gateway. */
async function renderWithActions(
  integration: Integration,
  result: DefinitivePolicyDecision['result'] = AuthorizeResult.ALLOW,
) {
  const authorize = jest.fn(async () => ({ result }));
  await renderInTestApp(
    <EntityProvider entity={ownedEntity}>
      <EntityHoopAuthentikCard />
    </EntityProvider>,
    {
      apis: [
        [hoopAuthentikApiRef, { getIntegration: async () => integration }],
        [permissionApiRef, { authorize }],
      ],
      mountedRoutes: {
        '/create/templates/:namespace/:templateName': templateRouteRef,
        '/access': checksRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
  return { authorize };
}

/** The form that a button fills in. */
function formDataOf(button: HTMLElement) {
  const url = new URL(button.getAttribute('href') ?? '', 'http://localhost');
  return {
    template: url.pathname,
    formData: JSON.parse(url.searchParams.get('formData') ?? ''),
  };
}

function answering(integration: Integration) {
  return jest.fn(async () => integration);
}

/** What can be taken off the page and put back. */
function Switched(props: { children: ReactNode }) {
  const [on, setOn] = useState(true);
  return (
    <>
      <button onClick={() => setOn(current => !current)}>Switch</button>
      {on && props.children}
    </>
  );
}

/** A promise to settle by hand. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>(done => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('EntityHoopAuthentikCard', () => {
  it('should show a skeleton while it reads', async () => {
    const { promise, resolve } = deferred<Integration>();
    await renderCard(jest.fn(() => promise));

    expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();

    await act(async () => resolve(integrations.connected));
    expect(
      screen.queryByRole('status', { name: 'Loading' }),
    ).not.toBeInTheDocument();
  });

  it.each<[IntegrationState, string, string]>([
    ['connected', 'Connected', 'People sign in with their authentik account.'],
    ['drifted', 'Drifted · 2', '2 settings differ. Sign-in is broken.'],
    ['not-connected', 'Not connected', 'People sign in with local accounts.'],
    ['pending', 'Pending', 'Settings are saved; the gateway needs a restart.'],
    ['down', 'Gateway down', 'The gateway does not answer: 0 of 1 updated'],
    [
      'unreachable',
      'Partly checked',
      'authentik is unreachable, so 3 checks could not run.',
    ],
  ])('should say one thing about the state %s', async (state, pill, text) => {
    await renderCard(answering(integrations[state]));

    expect(await screen.findByText(pill)).toHaveAttribute('role', 'status');
    expect(screen.getByText(new RegExp(`^${text}`))).toBeInTheDocument();
  });

  it('should not be green where everyone can sign in', async () => {
    await renderCard(answering(openIntegration));

    expect(
      await screen.findByText('Connected · 1 warning'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Anyone with an authentik account can sign in.'),
    ).toBeInTheDocument();
  });

  it.each<[string, Integration, string, string, object]>([
    [
      'not-connected',
      integrations['not-connected'],
      'Connect to authentik',
      'connect-gateway',
      {},
    ],
    ['drifted', integrations.drifted, 'Repair', 'repair-gateway', {}],
    ['pending', integrations.pending, 'Restart', 'restart-gateway', {}],
    ['open', openIntegration, 'Restrict access', 'restrict-access', {}],
  ])(
    'should offer one button for %s, with the form filled in',
    async (_, integration, name, template, inputs) => {
      await renderWithActions(integration);

      expect(formDataOf(await screen.findByRole('button', { name }))).toEqual({
        template: `/create/templates/default/${template}`,
        formData: { entity: integration.entityRef, ...inputs },
      });
    },
  );

  it('should name the owner where the viewer may not change the gateway', async () => {
    const { authorize } = await renderWithActions(
      integrations['not-connected'],
      AuthorizeResult.DENY,
    );

    expect(await screen.findByText(/^Ask/)).toHaveTextContent('Ask platform');
    expect(
      screen.queryByRole('button', { name: 'Connect to authentik' }),
    ).not.toBeInTheDocument();
    expect(authorize).toHaveBeenCalledWith(
      expect.objectContaining({ resourceRef: 'production' }),
    );
  });

  it('should lead to the problem, and to all checks', async () => {
    await renderWithActions(integrations.down);

    expect(
      await screen.findByRole('button', { name: 'View problem' }),
    ).toHaveAttribute('href', '/access');
    expect(
      screen.getByRole('link', { name: 'View all checks' }),
    ).toHaveAttribute('href', '/access');
  });

  it('should try again where a system was out of reach', async () => {
    const getIntegration = jest
      .fn()
      .mockResolvedValueOnce(integrations.unreachable)
      .mockResolvedValueOnce(integrations.connected);
    await renderCard(getIntegration);

    await userEvent.click(await screen.findByRole('button', { name: 'Retry' }));

    expect(await screen.findByText('Connected')).toBeInTheDocument();
  });

  it('should link the gateway and the application, and show the commands', async () => {
    const { application } = integrations.connected;
    await renderCard(answering(integrations.connected));

    expect(
      await screen.findByRole('link', {
        name: 'Production gateway, opens in a new window',
      }),
    ).toHaveAttribute('href', 'https://hoop.example.com');
    expect(screen.getByRole('link', { name: /Hoop.dev/ })).toHaveAttribute(
      'href',
      application.adminUrl,
    );
    expect(
      screen.getByText('hoop config create --api-url https://hoop.example.com'),
    ).toBeInTheDocument();
    expect(screen.getByText('hoop login')).toBeInTheDocument();
    for (const what of ['Sign in', 'Point the client at the gateway']) {
      expect(
        screen.getByRole('button', { name: `Copy: ${what}` }),
      ).toBeInTheDocument();
    }
    expect(screen.getByText(/^checked /)).toHaveAttribute(
      'dateTime',
      integrations.connected.observedAt,
    );
    expect(screen.getByText('14 passed')).toBeInTheDocument();
  });

  it.each<IntegrationState>([
    'not-connected',
    'pending',
    'down',
    'unreachable',
  ])('should keep the commands back in the state %s', async state => {
    await renderCard(answering(integrations[state]));

    expect(await screen.findByText(/passed/)).toBeInTheDocument();
    expect(screen.queryByText('hoop login')).not.toBeInTheDocument();
  });

  it('should treat a gateway that is not connected as an empty state', async () => {
    await renderCard(answering(integrations['not-connected']));

    expect(await screen.findByText(/^Once connected/)).toBeInTheDocument();
    expect(screen.queryByRole('region', { name: 'Problems' })).toBeNull();
    expect(screen.queryByTitle('Failed')).not.toBeInTheDocument();
  });

  it('should show what was expected and what was found, and link to it', async () => {
    await renderCard(answering(integrations.drifted));

    const problem = (await screen.findByText('Redirect URI is strict')).closest(
      'li',
    ) as HTMLElement;
    expect(within(problem).getByTitle('Failed')).toBeInTheDocument();
    expect(problem).toHaveTextContent(
      'strict https://hoop.example.com/api/callback → regex https://hoop.example.com/.*',
    );
    const warning = screen
      .getByText('Access is bound to a policy, group or user')
      .closest('li') as HTMLElement;
    expect(
      within(warning).getByRole('link', { name: /^Open: Access is bound/ }),
    ).toHaveAttribute('href', integrations.drifted.application.adminUrl);
  });

  it('should give a problem its own button where it is not that of the card', async () => {
    await renderWithActions(integrations.drifted);

    const button = await screen.findByRole('button', {
      name: 'Restrict access: Access is bound to a policy, group or user',
    });
    expect(formDataOf(button).template).toContain('restrict-access');
    expect(screen.queryByRole('button', { name: /^Repair: / })).toBeNull();
  });

  it('should list three problems and count the rest', async () => {
    await renderWithActions(brokenIntegration);

    const list = await screen.findByRole('region', { name: 'Problems' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(3);
    expect(within(list).getByRole('link', { name: '+4 more' })).toHaveAttribute(
      'href',
      '/access',
    );
  });

  it('should tell an outage once, with its error', async () => {
    await renderCard(answering(integrations.unreachable));

    const list = await screen.findByRole('region', { name: 'Problems' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(1);
    expect(list).toHaveTextContent('no answer within 10 seconds');
  });

  it('should keep the rest in a menu', async () => {
    await renderWithActions(integrations.connected);
    await screen.findByText('Connected');

    await userEvent.click(
      await screen.findByRole('button', { name: 'More actions' }),
    );

    const items = await screen.findAllByRole('menuitem');
    expect(items.map(item => item.textContent)).toEqual([
      'Rotate secret',
      'Disconnect',
      'Open in authentik',
      'Open the gateway',
    ]);
    expect(formDataOf(items[1])).toEqual({
      template: '/create/templates/default/disconnect-gateway',
      formData: { entity: 'component:default/connected' },
    });
  });

  it('should find words when reading takes long', async () => {
    jest.useFakeTimers();
    try {
      await renderCard(jest.fn(() => new Promise<Integration>(() => {})));
      await act(async () => jest.advanceTimersByTime(6_000));

      expect(screen.getByText(/takes longer than usual/)).toBeInTheDocument();
    } finally {
      jest.useRealTimers();
    }
  });

  it('should read again by itself while it is pending', async () => {
    const getIntegration = jest
      .fn()
      .mockResolvedValueOnce(integrations.pending)
      .mockResolvedValueOnce(integrations.connected);
    await renderCard(getIntegration);

    expect(await screen.findByText('Pending')).toBeInTheDocument();
    expect(await screen.findByText('Connected')).toBeInTheDocument();
  });

  it('should read again on a signal, and show what is remembered to whoever may not refresh', async () => {
    let send = () => {};
    let integration = integrations.connected;
    const getIntegration = jest.fn(
      async (_ref: string, options: { observeNow?: boolean }) => {
        if (options.observeNow) {
          throw await responseError(403, 'NotAllowedError', 'Unauthorized');
        }
        return integration;
      },
    );
    await renderInTestApp(
      <EntityProvider entity={attachedEntity('example')}>
        <EntityHoopAuthentikCard />
      </EntityProvider>,
      {
        apis: [
          [hoopAuthentikApiRef, { getIntegration }],
          [
            signalApiRef,
            {
              subscribe: (_channel: string, onMessage: () => void) => {
                send = onMessage;
                return { unsubscribe: () => {} };
              },
            },
          ],
        ],
      },
    );
    await screen.findByText('Connected');

    integration = integrations.drifted;
    await act(async () => send());
    expect(await screen.findByText('Drifted · 2')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await waitFor(() => expect(getIntegration).toHaveBeenCalledTimes(4));
    expect(screen.getByText('Drifted · 2')).toBeInTheDocument();
  });

  it('should not ask again for what it has just read', async () => {
    const getIntegration = answering(integrations.connected);
    await renderInTestApp(
      <EntityProvider entity={attachedEntity('example')}>
        <Switched>
          <EntityHoopAuthentikCard />
        </Switched>
      </EntityProvider>,
      { apis: [[hoopAuthentikApiRef, { getIntegration }]] },
    );
    await screen.findByText('Connected');
    const toggle = screen.getByRole('button', { name: 'Switch' });
    await userEvent.click(toggle);
    expect(screen.queryByText('Connected')).not.toBeInTheDocument();
    await userEvent.click(toggle);

    expect(await screen.findByText('Connected')).toBeInTheDocument();
    expect(getIntegration).toHaveBeenCalledTimes(1);
  });

  it('should teach the annotation where it is missing', async () => {
    const getIntegration = jest.fn();
    await renderCard(getIntegration, detachedEntity('example'));

    expect(await screen.findByText('Missing Annotation')).toBeInTheDocument();
    expect(screen.getAllByText(/hoop\.dev\/gateway/).length).toBeGreaterThan(0);
    expect(getIntegration).not.toHaveBeenCalled();
  });

  it('should name the permission, and not report an error, when refused', async () => {
    await renderCard(
      jest.fn(async () => {
        throw await responseError(403, 'NotAllowedError', 'Unauthorized');
      }),
    );

    expect(
      await screen.findByText('hoop-authentik.integration.read'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('should show the server’s message and try again', async () => {
    const getIntegration = jest
      .fn()
      .mockRejectedValueOnce(await unavailable())
      .mockResolvedValueOnce(integrations.connected);
    await renderCard(getIntegration);

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'authentik does not answer',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));

    expect(await screen.findByText('Connected')).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('should keep its content while it refreshes', async () => {
    const { promise, resolve } = deferred<Integration>();
    const getIntegration = jest
      .fn()
      .mockResolvedValueOnce(integrations.drifted)
      .mockReturnValueOnce(promise);
    await renderCard(getIntegration);

    const refresh = await screen.findByRole('button', { name: 'Refresh' });
    await userEvent.click(refresh);

    expect(refresh).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByText('Drifted · 2')).toBeInTheDocument();
    await userEvent.click(refresh);
    expect(getIntegration).toHaveBeenCalledTimes(2);

    await act(async () => resolve(integrations.connected));
    expect(screen.getByText('Connected')).toBeInTheDocument();
  });

  it('should keep its content when a refresh fails', async () => {
    await renderCard(
      jest
        .fn()
        .mockResolvedValueOnce(integrations.connected)
        .mockRejectedValueOnce(await unavailable()),
    );

    await userEvent.click(
      await screen.findByRole('button', { name: 'Refresh' }),
    );

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Could not refresh',
    );
    expect(screen.getByText('Connected')).toBeInTheDocument();
  });

  it('should hide its content when the right to see it is gone', async () => {
    await renderCard(
      jest
        .fn()
        .mockResolvedValueOnce(integrations.connected)
        .mockRejectedValue(
          await responseError(403, 'NotAllowedError', 'Unauthorized'),
        ),
    );

    await userEvent.click(
      await screen.findByRole('button', { name: 'Refresh' }),
    );

    expect(
      await screen.findByText('hoop-authentik.integration.read'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/Production gateway/)).not.toBeInTheDocument();
  });

  it('should give its request up when it goes away', async () => {
    const getIntegration = jest.fn(
      (_ref: string, _options: { signal: AbortSignal }) =>
        new Promise<Integration>(() => {}),
    );
    const { unmount } = await renderCard(getIntegration);
    await waitFor(() => expect(getIntegration).toHaveBeenCalled());
    const { signal } = getIntegration.mock.calls[0][1];

    expect(signal.aborted).toBe(false);
    unmount();
    expect(signal.aborted).toBe(true);
  });

  it('should survive addresses a browser must not open', async () => {
    const address = ['javascript', 'alert(1)'].join(':');
    await renderCard(
      answering({
        ...integrations.drifted,
        gateway: { ...integrations.drifted.gateway, url: address },
        problems: integrations.drifted.problems.map(problem => ({
          ...problem,
          link: address,
        })),
      }),
    );

    expect(await screen.findByText(/Production gateway/)).toBeInTheDocument();
    expect(
      screen.getAllByRole('link').map(link => link.getAttribute('href')),
    ).toEqual([integrations.drifted.application.adminUrl]);
  });

  it('should never bring a secret into the page', async () => {
    const secret = 'planted-secret-value';
    const { application, checks, ...rest } = integrations.drifted;
    const leaky = {
      ...rest,
      since: rest.observedAt,
      checkedAt: rest.observedAt,
      stale: false,
      refreshing: false,
      clientSecret: secret,
      IDP_CLIENT_SECRET: secret,
      settings: { IDP_CLIENT_SECRET: secret },
      application: { ...application, clientSecret: secret, key: secret },
      checks: checks.map(check => ({ ...check, token: secret })),
    };
    const api = new DefaultHoopAuthentikApi({
      fetchApi: {
        fetch: async () => new Response(JSON.stringify(leaky), { status: 200 }),
      },
    });
    const { container } = await renderCard(
      jest.fn(ref => api.getIntegration(ref)),
    );

    expect(await screen.findByText('Drifted · 2')).toBeInTheDocument();
    expect(container.ownerDocument.documentElement.outerHTML).not.toContain(
      secret,
    );
  });
});
