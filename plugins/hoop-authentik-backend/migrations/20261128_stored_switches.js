// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('stored_switches', table => {
    table.comment(
      'Switches of gateways that store their settings themselves, until they are verified. No value of a setting, and no secret',
    );
    table.string('gateway', 255).primary();
    table.string('since', 32).notNullable();
    table
      .string('previous_method', 16)
      .notNullable()
      .comment('How the gateway signed people in before');
    table
      .string('written', 64)
      .notNullable()
      .comment('A digest of the settings written, without the client secret');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('stored_switches');
};
