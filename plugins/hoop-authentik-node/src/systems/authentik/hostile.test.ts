import { ForeignText } from '../../core';
import { answerOf } from '../../http/__testUtils__/answerOf';
import { errorFromAnswer } from './errors';
import { useRecordedServer } from './__testUtils__/useRecordedServer';

const HTML = { 'content-type': 'text/html' };
const LOGIN = { status: 200, headers: HTML, body: '<form>Log in</form>' };

describe('authentik and a hostile server', () => {
  const { server, client } = useRecordedServer('2026.8');

  it('should not follow a list that never ends', async () => {
    server().respond(({ query }) => {
      const next = Number(query.get('page')) + 1;
      return { status: 200, body: { pagination: { next }, results: [] } };
    });
    await expect(client().listGroups()).rejects.toThrow(
      /GET \/api\/v3\/core\/groups\/: the list does not end after 200 pages/,
    );
    expect(server().requests).toHaveLength(200);
  });

  it('should find out whether an application is gone where a page answers its deletion', async () => {
    server().respond(() => LOGIN);
    await expect(client().deleteApplication('hoop')).rejects.toThrow(
      /DELETE \/api\/v3\/core\/applications\/hoop\/: unexpected response, 200 with text\/html/,
    );
    server().respond(({ method }) =>
      method === 'DELETE'
        ? LOGIN
        : { status: 404, body: { detail: 'Not found.' } },
    );
    expect(await client().deleteApplication('hoop')).toBe(true);
    expect(server().requests.map(({ method }) => method)).toEqual([
      'DELETE',
      'GET',
    ]);
  });

  it('should take the page of a proxy for no success of a write', async () => {
    server().respond(({ path }) =>
      path === '/api/v3/admin/version/'
        ? { status: 200, body: { version_current: '2025.10.0' } }
        : LOGIN,
    );
    await expect(
      client().setApplicationIconUrl('hoop', 'https://hoop.company/i.png'),
    ).rejects.toThrow(/expected JSON, found 200 with text\/html/);
  });

  it.each([301, 302, 307, 308])(
    'should report where a redirect (%d) leads',
    async status => {
      const location = 'https://user:hunter2@sso.company/login?token=hunter2';
      server().respond(() => ({ status, headers: { location } }));
      await expect(client().getSelf()).rejects.toThrow(
        `(${status}): redirected to https://sso.company/login; set baseUrl`,
      );
    },
  );

  it.each([400, 401, 403, 404, 405, 409, 418, 429, 500, 503])(
    'should name the status %d, and read at most twenty messages',
    status => {
      const call = {
        system: 'authentik',
        method: 'POST' as const,
        path: '/x',
        secrets: [],
      };
      const body = Object.fromEntries(
        Array.from({ length: 5_000 }, (_, at) => [`field_${at}`, ['wrong']]),
      );
      const begun = performance.now();
      const { message } = errorFromAnswer(call, answerOf({ status, body }));
      expect(performance.now() - begun).toBeLessThan(500);
      expect(message).toContain(`${status}`);
      expect(message.length).toBeLessThan(1_300);
    },
  );

  it('should not take a permission from a text that may be a secret', () => {
    const token = 'Ab3'.repeat(20);
    const text = `User lacks permission to create ${token}.${token}`;
    const { message } = errorFromAnswer(
      { system: 'authentik', method: 'POST', path: '/x', secrets: [] },
      answerOf({ status: 403, body: { detail: text } }),
    );
    expect(message).not.toContain(token);
    expect(new ForeignText(message).read()).toContain('withheld');
  });
});
