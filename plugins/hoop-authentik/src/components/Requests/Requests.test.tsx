import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  AccessRequest,
  RequestDetail,
} from 'backstage-plugin-hoop-authentik-common';
import type { ReactElement } from 'react';
import {
  detailOf,
  requestIn,
  requestOptions,
} from '../../__fixtures__/requests';
import { responseError } from '../../__fixtures__/responseError';
import { hoopAuthentikApiRef, type HoopAuthentikApi } from '../../api';
import { requestsRouteRef, taskRouteRef } from '../../routes';
import { EntityRequests } from './EntityRequests';
import { RequestAccess } from './RequestAccess';
import { RequestDrawer } from './RequestDrawer';
import { RequestQueue } from './RequestQueue';

const ENTITY = 'component:default/example';

async function renderWith(
  element: ReactElement,
  api: Partial<HoopAuthentikApi>,
  result: 'ALLOW' | 'DENY' = 'ALLOW',
) {
  await renderInTestApp(element, {
    apis: [
      [hoopAuthentikApiRef, api],
      [
        permissionApiRef,
        { authorize: async () => ({ result: AuthorizeResult[result] }) },
      ],
    ],
    mountedRoutes: {
      '/hoop-gateways': requestsRouteRef,
      '/create/tasks/:taskId': taskRouteRef,
      '/catalog/:namespace/:kind/:name': entityRouteRef,
    },
  });
}

const listing = (...items: AccessRequest[]) => jest.fn(async () => ({ items }));

const ask = (
  <RequestAccess kind="access" entityRef={ENTITY} otherwise="Ask the owner" />
);

describe('RequestAccess', () => {
  it('should ask for access, once everything needed is entered', async () => {
    const created = requestIn('pending', { withdraw: true });
    const createRequest = jest.fn(async () => ({
      request: created,
      created: true,
    }));
    const listRequests = listing();
    await renderWith(ask, {
      listRequests,
      createRequest,
      getRequestOptions: async () => requestOptions,
    });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Request access' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Request access',
    });
    const send = await within(dialog).findByRole('button', {
      name: 'Send request',
    });
    expect(dialog).toHaveTextContent('Production gateway');
    expect(dialog).toHaveTextContent('The request goes to platform');
    await userEvent.click(send);
    expect(createRequest).not.toHaveBeenCalled();
    const reason = within(dialog).getByRole('textbox', { name: /Reason/ });
    expect(reason).toBeInvalid();

    await userEvent.click(
      within(dialog).getByRole('radio', { name: 'Members of Engineering' }),
    );
    await userEvent.type(reason, 'I am on call.');
    listRequests.mockResolvedValue({ items: [created] });
    await userEvent.click(send);

    expect(await within(dialog).findByRole('status')).toHaveTextContent(
      'Your request is sent.',
    );
    expect(createRequest).toHaveBeenCalledWith({
      kind: 'access',
      entityRef: ENTITY,
      reason: 'I am on call.',
      subject: 'group:default/engineering',
    });
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Close' }),
    );
    expect(
      await screen.findByRole('link', { name: 'Your request' }),
    ).toHaveAttribute(
      'href',
      '/hoop-gateways?tab=requests&view=mine&request=request-pending',
    );
  });

  it('should show why a request is refused, and keep what was entered', async () => {
    await renderWith(
      <RequestAccess kind="connect" entityRef={ENTITY} otherwise={null} />,
      {
        listRequests: listing(),
        getRequestOptions: async () => requestOptions,
        createRequest: async () => {
          throw await responseError(409, 'ConflictError', 'Too many requests');
        },
      },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Request connection' }),
    );
    expect(
      await screen.findByText(/may sign in in any case: admin/),
    ).toBeInTheDocument();
    const reason = screen.getByRole('textbox', { name: /Reason/ });
    await userEvent.type(reason, '<b>bold</b> & more');
    await userEvent.click(screen.getByRole('button', { name: 'Send request' }));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Too many requests',
    );
    expect(reason).toHaveValue('<b>bold</b> & more');
  });

  it('should leave the owner to ask without the permission, and with an older backend', async () => {
    const unknown = jest.fn(async () => {
      throw await responseError(404, 'NotFoundError', 'Not found');
    });
    await renderWith(ask, { listRequests: unknown }, 'DENY');
    expect(await screen.findByText('Ask the owner')).toBeInTheDocument();
    expect(unknown).not.toHaveBeenCalled();

    await renderWith(ask, { listRequests: unknown });
    await waitFor(() =>
      expect(screen.getAllByText('Ask the owner')).toHaveLength(2),
    );
  });
});

describe('RequestQueue', () => {
  it('should list one of three views, narrow it, and open a request', async () => {
    const listRequests = listing(
      requestIn('declined', {}, { comment: 'Use staging first.' }),
    );
    const onChoose = jest.fn();
    await renderWith(
      <RequestQueue
        choice={{ view: 'closed', kind: 'access', text: 'jane' }}
        onChoose={onChoose}
      />,
      { listRequests },
    );

    const item = await screen.findByRole('listitem');
    expect(item).toHaveTextContent('Declined');
    expect(item).toHaveTextContent('Use staging first.');
    expect(listRequests).toHaveBeenCalledWith(
      { view: 'closed', kind: ['access'], text: 'jane', limit: 25 },
      expect.anything(),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Mine' }));
    await userEvent.click(
      screen.getByRole('button', {
        name: 'Access to Production gateway for the group engineering',
      }),
    );
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Kind of request' }),
      'Connection',
    );
    expect(onChoose.mock.calls).toEqual([
      [{ view: 'mine' }],
      [{ request: 'request-declined' }],
      [{ kind: 'connect' }],
    ]);
  });

  it('should say that there is nothing to decide', async () => {
    await renderWith(<RequestQueue choice={{}} onChoose={jest.fn()} />, {
      listRequests: listing(),
    });

    expect(
      await screen.findByText('There is nothing for you to decide.'),
    ).toBeInTheDocument();
  });
});

async function renderDrawer(
  detail: RequestDetail,
  api: Partial<HoopAuthentikApi> = {},
) {
  const getRequest = jest.fn(async () => detail);
  const onChanged = jest.fn();
  await renderWith(
    <RequestDrawer id={detail.id} onChanged={onChanged} onClose={jest.fn()} />,
    { getRequest, ...api },
  );
  const drawer = await screen.findByRole('dialog', { name: /^Access to/ });
  return { drawer, getRequest, onChanged };
}

const buttonsIn = (drawer: HTMLElement) =>
  within(drawer)
    .queryAllByRole('button')
    .map(button => button.getAttribute('aria-label') ?? button.textContent)
    .filter(name => name !== 'Close');

describe('RequestDrawer', () => {
  it.each<[string, AccessRequest, string[], string[]]>([
    [
      'pending',
      requestIn('pending', { withdraw: true }),
      ['Withdraw'],
      ['Decide by', 'Approvers'],
    ],
    ['approved', requestIn('approved'), [], ['Approved']],
    [
      'running',
      requestIn('running', {}, { taskId: 'task-1' }),
      [],
      ['Open the task'],
    ],
    [
      'completed',
      requestIn(
        'completed',
        { revoke: true },
        { until: '2026-12-01T00:00:00.000Z' },
      ),
      ['Revoke access'],
      ['Until'],
    ],
    [
      'failed',
      requestIn(
        'failed',
        { retry: true },
        { failure: 'authentik does not answer' },
      ),
      ['Try again'],
      ['authentik does not answer'],
    ],
    [
      'declined',
      requestIn(
        'declined',
        {},
        { comment: 'Use staging first.', decidedBy: 'user:default/owner' },
      ),
      [],
      ['Use staging first.', 'owner'],
    ],
    ['withdrawn', requestIn('withdrawn'), [], ['Withdrawn']],
    ['expired', requestIn('expired'), [], ['Expired']],
    [
      'ended',
      requestIn(
        'completed',
        {},
        { grant: { ended: 'expired', endedAt: '2026-11-24T00:00:00.000Z' } },
      ),
      [],
      ['ended on time'],
    ],
  ])('should show a request that is %s', async (_, request, buttons, texts) => {
    const { drawer } = await renderDrawer(detailOf(request));

    expect(buttonsIn(drawer)).toEqual(buttons);
    for (const text of ['I am on call this week.', ...texts]) {
      expect(drawer).toHaveTextContent(text);
    }
  });

  it('should approve the plan that is shown', async () => {
    const decideRequest = jest.fn(async () => requestIn('approved'));
    const { drawer, onChanged } = await renderDrawer(
      detailOf(requestIn('pending', { decide: true })),
      { decideRequest },
    );
    const plan = within(drawer).getByRole('region', {
      name: 'What would change now',
    });
    expect(plan).toHaveTextContent(
      'application "hoop" bindings: admin → admin, engineering',
    );
    expect(drawer).toHaveTextContent('Redirect URI is strict');

    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Approve' }),
    );

    expect(decideRequest).toHaveBeenCalledWith('request-pending', {
      decision: 'approve',
      planDigest: 'digest-1',
    });
    await waitFor(() => expect(onChanged).toHaveBeenCalled());
  });

  it('should decline only with a comment', async () => {
    const decideRequest = jest.fn(async () => requestIn('declined'));
    const { drawer } = await renderDrawer(
      detailOf(requestIn('pending', { decide: true })),
      { decideRequest },
    );
    const decline = within(drawer).getByRole('button', { name: 'Decline' });

    await userEvent.click(decline);
    const comment = within(drawer).getByRole('textbox', { name: 'Comment' });
    expect(comment).toBeInvalid();
    expect(decideRequest).not.toHaveBeenCalled();

    await userEvent.type(comment, 'Use staging first.');
    await userEvent.click(decline);
    expect(decideRequest).toHaveBeenCalledWith('request-pending', {
      decision: 'decline',
      comment: 'Use staging first.',
    });
  });

  it('should not let a plan be approved that cannot be carried out, or is not known', async () => {
    const { drawer } = await renderDrawer(
      detailOf(requestIn('pending', { decide: true }), {
        plan: {
          changes: [],
          notes: [],
          refusal: 'Everyone may sign in already.',
          digest: 'digest-2',
        },
      }),
    );

    expect(within(drawer).getByRole('alert')).toHaveTextContent(
      'Everyone may sign in already.',
    );
    expect(
      within(drawer).getByRole('button', { name: 'Approve' }),
    ).toBeDisabled();
  });

  it('should show why a decision is refused, and read the request anew', async () => {
    const { drawer, getRequest } = await renderDrawer(
      detailOf(requestIn('pending', { decide: true })),
      {
        decideRequest: async () => {
          throw await responseError(
            409,
            'ConflictError',
            'The plan has changed; review it again',
          );
        },
      },
    );

    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Approve' }),
    );

    expect(await within(drawer).findByRole('alert')).toHaveTextContent(
      'The plan has changed; review it again',
    );
    expect(getRequest).toHaveBeenCalledTimes(2);
  });
});

describe('EntityRequests', () => {
  it('should list each request once, the newest first, and revoke one', async () => {
    const granted = requestIn(
      'completed',
      { revoke: true },
      { createdAt: '2026-11-22T12:00:00.000Z' },
    );
    const listRequests = jest.fn(async ({ view }: { view?: string } = {}) => ({
      items: view === 'toDecide' ? [] : [granted, requestIn('pending')],
    }));
    const revokeGrant = jest.fn(async () => granted);
    await renderWith(<EntityRequests entityRef={ENTITY} />, {
      listRequests,
      revokeGrant,
      getRequest: async () => detailOf(granted, { plan: undefined }),
    });

    const items = await screen.findAllByRole('listitem');
    expect(items).toHaveLength(2);
    expect(items[0]).toHaveTextContent('To decide');
    await userEvent.click(within(items[1]).getByRole('button'));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke access' }),
    );
    expect(revokeGrant).toHaveBeenCalledWith('request-completed');
  });
});
