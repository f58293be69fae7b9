import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { containing } from '../../store/listing';
import type { RequestListQuery, RequestReader } from './RequestStore';
import type { RequestRow } from './requestRows';

/** Requests with what became of the access that they gave. @internal */
export function requestsWithGrants(
  db: Knex,
): Knex.QueryBuilder<RequestRow, RequestRow[]> {
  return db('requests')
    .leftJoin('access_grants', grant =>
      grant.on('access_grants.request_id', 'requests.id'),
    )
    .select(
      'requests.*',
      'access_grants.until as grant_until',
      'access_grants.ended_at as grant_ended_at',
      'access_grants.ended as grant_ended',
    ) as Knex.QueryBuilder<RequestRow, RequestRow[]>;
}

/** The rows of a page, the newest first, one more than its limit where there is another page. @internal */
export function requestPageQuery(
  db: Knex,
  query: RequestListQuery,
  reader: RequestReader,
): Knex.QueryBuilder<RequestRow, RequestRow[]> {
  const { view, cursor, limit, state, kind, gateway, entityRef, text } = query;
  const rows = requestsWithGrants(db)
    .orderBy('requests.seq', 'desc')
    .limit(limit + 1);
  if (view === 'mine') {
    rows.where('requests.requester', reader.user);
  } else if (view === 'toDecide') {
    rows.where('requests.state', 'pending').where(decidable(db, reader));
    if (!reader.allowSelfApproval) {
      rows.whereNot('requests.requester', reader.user);
    }
  } else {
    rows
      .whereNot('requests.state', 'pending')
      .where(seen =>
        seen
          .where('requests.requester', reader.user)
          .orWhere(decidable(db, reader)),
      );
  }
  if (cursor !== undefined) {
    if (!/^\d{1,18}$/.test(cursor)) {
      throw new InputError(
        'Expected a cursor that the same list returned; start again without one',
      );
    }
    rows.where('requests.seq', '<', cursor);
  }
  for (const [column, values] of [
    ['state', state],
    ['kind', kind],
    ['gateway', gateway],
    ['entity_ref', entityRef?.map(ref => ref.toLocaleLowerCase('en-US'))],
  ] as const) {
    if (values) {
      rows.whereIn(`requests.${column}`, values);
    }
  }
  if (text) {
    containing(rows, 'requests.search', text);
  }
  return rows;
}

/** A policy lets the reader decide about the gateway, and the reader is one of the approvers. */
function decidable(db: Knex, { gateways, ownershipRefs }: RequestReader) {
  return (rows: Knex.QueryBuilder) => {
    rows
      .whereIn('requests.gateway', gateways)
      .whereExists(
        db('request_approvers')
          .whereRaw('request_approvers.request_id = requests.id')
          .whereIn('approver', ownershipRefs)
          .select(db.raw('1')),
      );
  };
}
