import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { attachedEntity, detachedEntity } from '../../__fixtures__/entities';
import { access, history } from '../../__fixtures__/evidence';
import { integrations } from '../../__fixtures__/integrations';
import { responseError } from '../../__fixtures__/responseError';
import { hoopAuthentikApiRef, type HoopAuthentikApi } from '../../api';
import { taskRouteRef, templateRouteRef } from '../../routes';
import { EntityAccessTab } from './EntityAccessTab';

async function renderTab(
  api: Partial<HoopAuthentikApi>,
  entity = attachedEntity('example'),
) {
  return renderInTestApp(
    <EntityProvider entity={entity}>
      <EntityAccessTab />
    </EntityProvider>,
    {
      apis: [
        [
          hoopAuthentikApiRef,
          {
            getIntegration: async () => integrations.drifted,
            getAccess: async () => access,
            getHistory: async () => history,
            ...api,
          },
        ],
      ],
      mountedRoutes: {
        '/create/templates/:namespace/:templateName': templateRouteRef,
        '/create/tasks/:taskId': taskRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
}

const refuse = async () => {
  throw await responseError(403, 'NotAllowedError', 'Unauthorized');
};

describe('EntityAccessTab', () => {
  it('should sum up what the integration consists of', async () => {
    await renderTab({});

    const band = await screen.findByRole('region', { name: 'Hoop.dev access' });
    expect(within(band).getByRole('status')).toHaveTextContent('Drifted · 2');
    expect(band).toHaveTextContent(/Production gateway.* version 1\.46\.3/);
    expect(band).toHaveTextContent('Kubernetes');
    expect(band).toHaveTextContent(integrations.drifted.application.issuer);
    expect(within(band).getByText(/^state changed/)).toHaveAttribute(
      'dateTime',
      integrations.drifted.since,
    );
  });

  it('should list what needs attention, and everything on request', async () => {
    await renderTab({});

    const checks = await screen.findByRole('region', { name: 'Checks' });
    expect(within(checks).getAllByRole('listitem')).toHaveLength(3);
    await userEvent.click(
      within(checks).getByRole('button', { name: 'All (15)' }),
    );
    expect(within(checks).getAllByRole('listitem')).toHaveLength(15);
    await userEvent.type(
      within(checks).getByRole('searchbox', { name: 'Search checks' }),
      'issuer',
    );
    expect(within(checks).getAllByRole('listitem')).toHaveLength(2);
  });

  it('should show the evidence of a check', async () => {
    await renderTab({});

    const toggle = await screen.findByRole('button', {
      name: /Redirect URI is strict/,
      expanded: false,
    });
    await userEvent.click(toggle);

    const row = toggle.closest('li') as HTMLElement;
    expect(row).toHaveTextContent(
      'Expectedstrict https://hoop.example.com/api/callback',
    );
    expect(row).toHaveTextContent('authentik.redirect-uri');
    expect(toggle).toHaveAttribute('aria-expanded', 'true');
  });

  it('should offer the fix of a check', async () => {
    await renderTab({});

    expect(
      await screen.findByRole('button', {
        name: 'Repair: Redirect URI is strict',
      }),
    ).toHaveAttribute(
      'href',
      expect.stringContaining('/create/templates/default/repair-gateway?'),
    );
  });

  it('should say an outage once, with its error', async () => {
    await renderTab({ getIntegration: async () => integrations.unreachable });

    const banner = await screen.findByRole('region', {
      name: 'authentik is unreachable',
    });
    expect(banner).toHaveTextContent('3 checks affected');
    expect(screen.getAllByText('no answer within 10 seconds')).toHaveLength(1);
  });

  it('should show who has access, and what happened', async () => {
    await renderTab({});

    const who = await screen.findByRole('region', { name: 'Who has access' });
    expect(await within(who).findByText(/engineering/)).toBeInTheDocument();
    expect(who).toHaveTextContent('2 members');
    expect(who).toHaveTextContent('jane, joe (deactivated)');
    expect(who).toHaveTextContent(/User bob keeps out · until .*2026/);
    const past = screen.getByRole('region', { name: 'History' });
    expect(past).toHaveTextContent(
      'Connected → Drifted: Redirect URI is strict',
    );
    expect(
      within(past).getByRole('link', {
        name: 'hoop:gateway:configure completed',
      }),
    ).toHaveAttribute('href', '/create/tasks/task-1');
  });

  it('should warn where everyone has access', async () => {
    await renderTab({
      getAccess: async () => ({ ...access, everyone: true, grants: [] }),
    });

    expect(
      await screen.findByText(
        'Everyone with an authentik account can sign in.',
      ),
    ).toBeInTheDocument();
  });

  it('should keep the refusal of a part to that part', async () => {
    await renderTab({ getAccess: refuse });

    expect(
      await screen.findByText('hoop-authentik.access.read'),
    ).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Checks' })).toBeInTheDocument();
  });

  it('should leave out what an older backend does not know', async () => {
    await renderTab({
      getHistory: async () => {
        throw await responseError(404, 'NotFoundError', 'Not found');
      },
    });

    expect(await screen.findByText(/engineering/)).toBeInTheDocument();
    expect(screen.queryByRole('region', { name: 'History' })).toBeNull();
  });

  it('should name the permission when refused', async () => {
    await renderTab({ getIntegration: refuse });

    expect(
      await screen.findByText('hoop-authentik.integration.read'),
    ).toBeInTheDocument();
  });

  it('should teach the annotation where it is missing', async () => {
    await renderTab({}, detachedEntity('example'));

    expect(await screen.findByText('Missing Annotation')).toBeInTheDocument();
  });
});
