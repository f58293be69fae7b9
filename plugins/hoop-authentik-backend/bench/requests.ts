import { randomUUID } from 'node:crypto';
import {
  requestQuerySchema,
  requestStateSchema,
} from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import { requestNamed } from '../src/requests/__testUtils__/requests';
import { DatabaseRequestStore } from '../src/requests/store';
import { requestColumns, UNDECIDED } from '../src/requests/store/requestRows';
import { quantile, type Figure } from './store';

const ROWS_AT_ONCE = 50;
const TEAMS = 50;
const GATEWAYS = 100;
const VIEWS = ['toDecide', 'mine', 'closed'] as const;

/** Fills the queue of requests, then measures its pages as an approver and as a requester see them. */
export async function benchRequests(
  database: string,
  db: Knex,
  { size, pages }: { size: number; pages: number },
): Promise<Figure[]> {
  const store = await DatabaseRequestStore.create({
    getClient: async () => db,
  });
  const states = requestStateSchema.options;
  for (let at = 0; at < size; at += ROWS_AT_ONCE) {
    const rows = Array.from({ length: ROWS_AT_ONCE }, (_, index) => {
      const number = at + index;
      // Half of them wait.
      const state = number % 2 ? 'pending' : states[number % states.length];
      return {
        ...UNDECIDED,
        ...requestColumns(
          requestNamed(`entity-${number}`, {
            gateway: {
              name: `gateway-${number % GATEWAYS}`,
              title: `Gateway ${number % GATEWAYS}`,
            },
            requester: `user:default/dev-${number % 100}`,
          }),
        ),
        open_key: state === 'pending' ? `${number}` : null,
        id: randomUUID(),
        state,
        created_at: number,
      };
    });
    await db('requests').insert(rows);
    await db('request_approvers').insert(
      rows.map(({ id }, index) => ({
        request_id: id,
        approver: `group:default/team-${(at + index) % TEAMS}`,
      })),
    );
  }
  const times: number[] = [];
  for (let page = 0; page < pages; page++) {
    const reader = {
      user: `user:default/dev-${page % 100}`,
      gateways: Array.from({ length: GATEWAYS }, (_, i) => `gateway-${i}`),
      ownershipRefs: [`group:default/team-${page % TEAMS}`],
      allowSelfApproval: false,
    };
    const list = async (query: object) => {
      const began = performance.now();
      const { nextCursor } = await store.list(
        requestQuerySchema.parse(query),
        reader,
      );
      times.push(performance.now() - began);
      return nextCursor;
    };
    const query = {
      view: VIEWS[page % VIEWS.length],
      ...(page % 2 ? { text: 'entity-' } : {}),
    };
    await list({ ...query, cursor: await list(query) });
  }
  return [
    {
      name: `${database}: page of ${size} requests, median`,
      ms: quantile(times, 0.5),
    },
    {
      name: `${database}: page of ${size} requests, p99`,
      ms: quantile(times, 0.99),
      limitMs: 50,
    },
  ];
}
