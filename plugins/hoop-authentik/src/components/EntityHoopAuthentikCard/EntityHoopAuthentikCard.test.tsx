import type { Entity } from '@backstage/catalog-model';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  Integration,
  IntegrationState,
} from 'backstage-plugin-hoop-authentik-common';
import { attachedEntity, detachedEntity } from '../../__fixtures__/entities';
import { integrations } from '../../__fixtures__/integrations';
import { responseError } from '../../__fixtures__/responseError';
import { DefaultHoopAuthentikApi, hoopAuthentikApiRef } from '../../api';
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

function answering(integration: Integration) {
  return jest.fn(async () => integration);
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
    ['connected', 'Connected', 'People sign in to this gateway'],
    ['drifted', 'Drifted', 'Some settings no longer match'],
    ['not-connected', 'Not connected', 'does not sign people in'],
    ['pending', 'Pending', 'does not use them yet'],
    ['down', 'Down', 'This gateway is down'],
    ['unreachable', 'Unreachable', 'Not everything could be observed'],
  ])('should show the state %s', async (state, badge, summary) => {
    await renderCard(answering(integrations[state]));

    expect(await screen.findByText(badge)).toHaveAttribute('role', 'status');
    expect(screen.getByText(new RegExp(summary))).toBeInTheDocument();
  });

  it('should show the gateway, the application and the commands', async () => {
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
    expect(screen.getByText('version 1.46.3')).toBeInTheDocument();
    expect(screen.getByText('oidc')).toBeInTheDocument();
    expect(screen.getByText(application.issuer)).toBeInTheDocument();
    expect(
      screen.getByText('hoop config create --api-url https://hoop.example.com'),
    ).toBeInTheDocument();
    expect(screen.getByText('hoop login')).toBeInTheDocument();
    for (const what of [
      'Client ID',
      'Sign in',
      'Point the client at the gateway',
    ]) {
      expect(
        screen.getByRole('button', { name: `Copy: ${what}` }),
      ).toBeInTheDocument();
    }
    expect(screen.getByText(/^Observed /)).toHaveAttribute(
      'dateTime',
      integrations.connected.observedAt,
    );
  });

  it('should not link an application that does not exist', async () => {
    await renderCard(answering(integrations['not-connected']));

    expect(await screen.findByText('does not exist yet')).toBeInTheDocument();
    expect(
      screen.getAllByRole('link').map(link => link.getAttribute('href')),
    ).toEqual(['https://hoop.example.com']);
  });

  it('should sum up the checks that pass until they are asked for', async () => {
    await renderCard(answering(integrations.connected));

    const toggle = await screen.findByRole('button', {
      name: 'authentik: 5 checks pass',
    });
    expect(toggle).toHaveAttribute('aria-expanded', 'false');
    expect(screen.queryByText('Signing key is set')).not.toBeInTheDocument();

    toggle.focus();
    await userEvent.keyboard('{Enter}');

    expect(toggle).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText('Signing key is set')).toBeInTheDocument();
  });

  it('should show what is wrong, what was found and what to do', async () => {
    await renderCard(answering(integrations.drifted));

    const failing = (await screen.findByText('Redirect URI is strict')).closest(
      'li',
    ) as HTMLElement;
    expect(within(failing).getByTitle('Fails')).toBeInTheDocument();
    expect(failing).toHaveTextContent(
      'strict https://hoop.example.com/api/callback',
    );
    expect(failing).toHaveTextContent('regex https://hoop.example.com/.*');
    expect(failing).toHaveTextContent('Set the redirect URI of the provider');
    expect(
      within(failing).getByRole('link', {
        name: /Open: Redirect URI is strict/,
      }),
    ).toHaveAttribute('href', integrations.drifted.application.adminUrl);
    expect(screen.getByTitle('Warning')).toBeInTheDocument();
  });

  it('should count what was skipped', async () => {
    await renderCard(answering(integrations.unreachable));

    expect(
      await screen.findByRole('button', { name: 'Sign-in: 2 checks skipped' }),
    ).toBeInTheDocument();
    expect(screen.getByTitle('Unknown')).toBeInTheDocument();
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
    expect(screen.getByText('Drifted')).toBeInTheDocument();
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
        .mockRejectedValueOnce(
          await responseError(403, 'NotAllowedError', 'Unauthorized'),
        ),
    );

    await userEvent.click(
      await screen.findByRole('button', { name: 'Refresh' }),
    );

    expect(
      await screen.findByText('hoop-authentik.integration.read'),
    ).toBeInTheDocument();
    expect(screen.queryByText('Production gateway')).not.toBeInTheDocument();
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
        checks: [
          { ...integrations.drifted.checks[4], status: 'fail', link: address },
        ],
      }),
    );

    expect(await screen.findByText('Production gateway')).toBeInTheDocument();
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

    expect(await screen.findByText('Drifted')).toBeInTheDocument();
    for (const toggle of screen.getAllByRole('button', {
      name: /checks pass/,
    })) {
      await userEvent.click(toggle);
    }
    expect(container.ownerDocument.documentElement.outerHTML).not.toContain(
      secret,
    );
  });
});
