// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gateway_leases', table => {
    table.comment(
      'The run that may write to a gateway; at most one per gateway',
    );
    table.string('gateway', 255).primary();
    table.string('run_id', 64).notNullable();
    table.string('task_id', 255).notNullable();
    table.string('action', 255).notNullable();
    table
      .bigInteger('began_at')
      .notNullable()
      .comment("Milliseconds since 1970 by the database's own clock");
    table
      .bigInteger('expires_at')
      .notNullable()
      .comment("Milliseconds since 1970 by the database's own clock");
  });
  await knex.schema.createTable('created_objects', table => {
    table.comment(
      'What our runs have created, or were about to create, in other systems',
    );
    table.string('gateway', 255).notNullable();
    table.string('system', 255).notNullable();
    table.string('kind', 64).notNullable();
    table.string('name', 255).notNullable();
    table
      .string('proof', 255)
      .comment('What a later object of the same name has not; never a secret');
    table.string('run_id', 64).notNullable();
    table.bigInteger('recorded_at').notNullable();
    table.primary(['gateway', 'system', 'kind', 'name'], 'created_objects_pk');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('created_objects');
  await knex.schema.dropTable('gateway_leases');
};
