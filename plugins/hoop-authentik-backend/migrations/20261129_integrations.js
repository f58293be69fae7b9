// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('integrations', table => {
    table.comment(
      'Each entity that is attached to a gateway, and each gateway that no entity is attached to. ' +
        'Times are milliseconds since 1970; what can be sorted by is never null',
    );
    table.string('id', 255).primary();
    table.string('entity_ref', 255).notNullable();
    table.string('owner', 255).notNullable();
    table.string('gateway', 255).notNullable();
    table.string('gateway_title', 255).notNullable();
    table.string('gateway_url', 1024).notNullable();
    table.string('target_type', 64).notNullable();
    table.string('authentik', 255).notNullable();
    table.string('application', 255).notNullable();
    table
      .text('source_error')
      .notNullable()
      .comment('Why it cannot be observed, such as an unknown gateway');
    table.text('search').notNullable().comment('What a text filter looks in');
    table.string('state', 32).notNullable().comment('Empty until observed');
    table.smallint('state_rank').notNullable().comment('The worst first');
    table
      .string('standing', 8)
      .notNullable()
      .comment(
        'Whether its owner knows it as connected (good), not so any more (bad), or neither (none)',
      );
    table.text('failure').notNullable().comment('Why the last attempt failed');
    table.bigInteger('since').notNullable();
    table.integer('warnings').notNullable();
    table.integer('problems').notNullable();
    table.boolean('complete').notNullable();
    table.string('version', 255).notNullable();
    table.text('worst_problem').notNullable().comment('JSON, or empty');
    table.bigInteger('key_expiry').notNullable();
    table.bigInteger('checked_at').notNullable();
    table.bigInteger('refresh_requested_at').notNullable();
    table
      .bigInteger('refreshed_at')
      .notNullable()
      .comment('When it was last observed on demand');
    table.index(['gateway', 'id'], 'integrations_gateway_idx');
    table.index(['entity_ref', 'id'], 'integrations_entity_idx');
    table.index(['owner', 'id'], 'integrations_owner_idx');
    table.index(['state_rank', 'id'], 'integrations_state_idx');
  });
  await knex.schema.createTable('integration_reports', table => {
    table.comment('What was observed, apart so that lists stay small');
    table.string('id', 255).primary();
    table.text('report').notNullable().comment('JSON of the last observation');
    table
      .text('last_good')
      .notNullable()
      .comment(
        'JSON of the last one that could decide every check, or empty where that is the last one',
      );
  });
  await knex.schema.createTable('history', table => {
    table.comment('Changes of state, and runs of actions; bounded');
    table.bigIncrements('id');
    table.string('kind', 8).notNullable().comment('state or run');
    table
      .string('integration_id', 255)
      .notNullable()
      .comment('Empty for a run, which concerns a gateway');
    table.string('gateway', 255).notNullable();
    table.bigInteger('at').notNullable();
    table.bigInteger('ended_at').notNullable();
    table.text('entry').notNullable().comment('JSON');
    table.string('run_id', 64).notNullable();
    table
      .string('announcement', 8)
      .notNullable()
      .comment('The notification that is still to be sent: left or back');
    table.boolean('published').notNullable();
    table
      .bigInteger('claimed_at')
      .notNullable()
      .comment('When a process last began to spread the news');
    table.index(['integration_id', 'id'], 'history_integration_idx');
    table.index(['gateway', 'kind', 'id'], 'history_gateway_idx');
    table.index(['run_id'], 'history_run_idx');
    table.index(['published'], 'history_published_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('history');
  await knex.schema.dropTable('integration_reports');
  await knex.schema.dropTable('integrations');
};
