// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('requests', table => {
    table.comment(
      'What users asked for, and what became of it. Times are milliseconds since 1970, 0 where there is none',
    );
    table.bigIncrements('seq');
    table.string('id', 36).notNullable().unique();
    table.string('kind', 16).notNullable();
    table.string('state', 16).notNullable();
    table
      .string('open_key', 64)
      .unique()
      .comment('A digest of what was asked for, while the request is open');
    table.string('entity_ref', 255).notNullable();
    table.string('gateway', 255).notNullable();
    table.string('gateway_title', 255).notNullable();
    table.string('application', 255).notNullable();
    table.string('requester', 255).notNullable();
    table.text('reason').notNullable();
    table
      .text('bound_groups')
      .notNullable()
      .comment('JSON; of a connection: groups of authentik to bind');
    table.string('subject_kind', 8).notNullable();
    table.string('subject_ref', 255).notNullable();
    table.string('subject_name', 255).notNullable();
    table.bigInteger('until').notNullable();
    table.text('search').notNullable().comment('What a text filter looks in');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').notNullable();
    table.bigInteger('reminded_at').notNullable();
    table.bigInteger('decided_at').notNullable();
    table.string('decided_by', 255).notNullable();
    table.text('comment').notNullable();
    table
      .string('plan_digest', 100)
      .notNullable()
      .comment('Of the plan that was approved; of no secret');
    table
      .string('attempt', 36)
      .notNullable()
      .comment(
        'The approval that holds; a task of an earlier one does nothing',
      );
    table.bigInteger('attempted_at').notNullable();
    table.string('task_id', 255).notNullable();
    table.bigInteger('ended_at').notNullable();
    table.text('failure').notNullable();
    table.index(['state', 'seq'], 'requests_state_idx');
    table.index(['requester', 'seq'], 'requests_requester_idx');
    table.index(['gateway', 'seq'], 'requests_gateway_idx');
    table.index(['entity_ref', 'seq'], 'requests_entity_idx');
    table.index(['ended_at'], 'requests_ended_idx');
  });
  await knex.schema.createTable('request_approvers', table => {
    table.comment('Who may decide about a request');
    table.string('request_id', 36).notNullable();
    table.string('approver', 255).notNullable();
    table.primary(['request_id', 'approver'], 'request_approvers_pk');
    table.index(['approver', 'request_id'], 'request_approvers_idx');
  });
  await knex.schema.createTable('request_news', table => {
    table.comment('What those concerned are still to be notified of');
    table.bigIncrements('id');
    table.string('request_id', 36).notNullable();
    table.string('kind', 16).notNullable();
    table.bigInteger('at').notNullable();
    table
      .bigInteger('claimed_at')
      .notNullable()
      .comment('When a process last began to spread them');
  });
  await knex.schema.createTable('access_grants', table => {
    table.comment(
      'Bindings that were made for requests, recorded before they are made',
    );
    table.string('id', 36).primary();
    table.string('request_id', 36).notNullable();
    table.string('gateway', 255).notNullable();
    table
      .string('system', 255)
      .notNullable()
      .comment('Base URL of the authentik instance');
    table.string('application', 255).notNullable().comment('Its slug');
    table.string('target', 255).notNullable().comment('Key of the application');
    table
      .string('binding', 255)
      .notNullable()
      .comment('Key of the binding; empty until authentik has assigned it');
    table
      .integer('mark')
      .notNullable()
      .comment('The order of the binding, which no other has');
    table.string('subject_kind', 8).notNullable();
    table.string('subject_key', 255).notNullable().comment('In authentik');
    table.string('subject_name', 255).notNullable();
    table.bigInteger('until').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('warned_at').notNullable();
    table.bigInteger('ended_at').notNullable();
    table.string('ended', 16).notNullable();
    table.index(['ended_at', 'until'], 'access_grants_end_idx');
    table.index(['gateway', 'ended_at'], 'access_grants_gateway_idx');
    table.index(['request_id'], 'access_grants_request_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('access_grants');
  await knex.schema.dropTable('request_news');
  await knex.schema.dropTable('request_approvers');
  await knex.schema.dropTable('requests');
};
