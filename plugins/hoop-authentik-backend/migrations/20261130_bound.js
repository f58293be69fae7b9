// @ts-check

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('integrations', table => {
    table
      .boolean('bound')
      .notNullable()
      .defaultTo(false)
      .comment(
        'Whether its application is known to let only some people in, so that it must not be open later',
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('integrations', table => {
    table.dropColumn('bound');
  });
};
