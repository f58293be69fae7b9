import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { IntegrationPage } from 'backstage-plugin-hoop-authentik-common';
import { page } from '../../__fixtures__/evidence';
import { responseError } from '../../__fixtures__/responseError';
import { hoopAuthentikApiRef } from '../../api';
import { signalApiRef } from '../../hooks/useSignalCount';
import { templateRouteRef } from '../../routes';
import { toCsv } from './csv';
import { GatewaysPage } from './GatewaysPage';

async function renderPage(
  listIntegrations: jest.Mock,
  initialRouteEntries = ['/'],
  signals: (typeof signalApiRef)['T'] = {
    subscribe: () => ({ unsubscribe: () => {} }),
  },
) {
  await renderInTestApp(<GatewaysPage />, {
    apis: [
      [hoopAuthentikApiRef, { listIntegrations }],
      [signalApiRef, signals],
    ],
    mountedRoutes: {
      '/catalog/:namespace/:kind/:name': entityRouteRef,
      '/create/templates/:namespace/:templateName': templateRouteRef,
    },
    initialRouteEntries,
  });
}

const queries = (mock: jest.Mock) => mock.mock.calls.map(([query]) => query);

const answering = (answer: IntegrationPage) => jest.fn(async () => answer);

describe('GatewaysPage', () => {
  it('should list the gateways, the worst first', async () => {
    const list = answering(page);
    await renderPage(list);

    const [, first, second, third] = await screen.findAllByRole('row');
    expect(first).toHaveTextContent('Production gateway');
    expect(within(first).getByText('Drifted')).toBeInTheDocument();
    expect(first).toHaveTextContent('Redirect URI is strict +2 more');
    expect(second).toHaveTextContent('No entity');
    expect(second).toHaveTextContent('Connected · 1 warning');
    expect(second).toHaveTextContent('may be out of date');
    expect(third).toHaveTextContent('Did you mean "main"?');
    expect(queries(list)).toEqual([{ sort: 'state', limit: 50, counts: true }]);
  });

  it('should count on the tiles what the same answer says', async () => {
    await renderPage(answering(page));

    await screen.findByRole('button', { name: '1Drifted' });
    for (const tile of ['2Warnings', '0Gateway down', '1Not checked']) {
      expect(screen.getByRole('button', { name: tile })).toBeInTheDocument();
    }
  });

  it('should narrow the list to warnings, an owner and an authentik instance', async () => {
    const list = answering(page);
    await renderPage(list);

    await userEvent.click(
      await screen.findByRole('button', { name: '2Warnings' }),
    );
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Owner' }),
      'platform (1)',
    );
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'authentik' }),
      'main (2)',
    );

    await waitFor(() =>
      expect(queries(list).pop()).toMatchObject({
        warnings: true,
        owner: ['group:default/platform'],
        authentik: ['main'],
      }),
    );
  });

  it('should offer in the menu of a row what its state calls for, and only where the gateway is known', async () => {
    await renderPage(answering(page));

    const buttons = await screen.findAllByRole('button', {
      name: /^More actions for/,
    });
    expect(buttons).toHaveLength(2);
    await userEvent.click(buttons[0]);
    const items = await screen.findAllByRole('menuitem');
    expect(items.map(item => item.textContent)).toEqual([
      'Repair',
      'Rotate secret',
      'Disconnect',
      'Open the gateway',
    ]);
    expect(items[0]).toHaveAttribute(
      'href',
      expect.stringContaining('/create/templates/default/repair-gateway'),
    );
  });

  it('should load the list anew on a signal', async () => {
    const list = answering(page);
    let signal = () => {};
    await renderPage(list, ['/'], {
      subscribe: (_channel: string, onMessage: () => void) => {
        signal = onMessage;
        return { unsubscribe: () => {} };
      },
    });
    await screen.findByText('Production gateway');

    act(() => signal());

    await waitFor(() => expect(list).toHaveBeenCalledTimes(2));
  });

  it('should narrow the list by a tile, a search and the address', async () => {
    const list = answering(page);
    await renderPage(list, ['/?state=down']);

    const tile = await screen.findByRole('button', { name: /Drifted/ });
    expect(queries(list)[0]).toMatchObject({ state: ['down'] });
    await userEvent.click(tile);
    expect(tile).toHaveAttribute('aria-pressed', 'true');
    await userEvent.type(screen.getByRole('searchbox'), 'prod');

    await waitFor(() =>
      expect(queries(list).pop()).toMatchObject({
        state: ['drifted'],
        text: 'prod',
      }),
    );
  });

  it('should sort by the server', async () => {
    const list = answering(page);
    await renderPage(list);

    await userEvent.click(await screen.findByRole('button', { name: 'Owner' }));

    await waitFor(() =>
      expect(queries(list).pop()).toMatchObject({
        sort: 'owner',
        order: 'asc',
      }),
    );
  });

  it('should add the next page to what is shown', async () => {
    const list = jest.fn(async ({ cursor }: { cursor?: string }) =>
      cursor ? { items: [{ ...page.items[0], id: '4' }] } : page,
    );
    await renderPage(list);

    await userEvent.click(
      await screen.findByRole('button', { name: 'Show more' }),
    );

    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(5));
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('should ask for another view from its first page', async () => {
    const list = jest.fn(async ({ cursor }: { cursor?: string }) =>
      cursor ? { items: [{ ...page.items[0], id: '4' }] } : page,
    );
    await renderPage(list);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show more' }),
    );
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(5));

    await userEvent.click(screen.getByRole('button', { name: 'Owner' }));

    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(4));
    expect(
      queries(list)
        .filter(({ sort }) => sort === 'owner')
        .map(({ cursor }) => cursor),
    ).toEqual([undefined]);
  });

  it('should explain the first step where there is no gateway', async () => {
    await renderPage(answering({ items: [] }));

    expect(await screen.findByText('No gateways yet')).toBeInTheDocument();
    expect(screen.getByText('hoopAuthentik.gateways')).toBeInTheDocument();
  });

  it('should name the permission when refused', async () => {
    await renderPage(
      jest.fn(async () => {
        throw await responseError(403, 'NotAllowedError', 'Unauthorized');
      }),
    );

    expect(
      await screen.findByText('hoop-authentik.integration.read'),
    ).toBeInTheDocument();
  });
});

describe('toCsv', () => {
  it('should quote what needs it, and take the sting out of formulas', () => {
    const [row] = page.items;
    const csv = toCsv([
      { ...row, gateway: { name: '=1+1', title: 'a "b", c' } },
    ]);

    expect(csv.split('\r\n')[0]).toMatch(/^gateway,title,url,state,/);
    expect(csv).toContain(`'=1+1,"a ""b"", c",,drifted,1,`);
  });
});
