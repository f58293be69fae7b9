import { spawnSync } from 'node:child_process';

/** Leaves statements behind in microtasks only, so that the garbage is collected between two of them. */
const program = `
  const Database = require('better-sqlite3');
  const db = new Database(':memory:');
  const many = count =>
    Promise.all(
      Array.from({ length: count }, async (_, i) => {
        await null;
        const statement = db.prepare('select ' + i);
        await null;
        return statement.get();
      }),
    );
  (async () => {
    for (let round = 0; round < 30; round++) {
      await many(500);
      await new Promise(resolve => setImmediate(resolve));
    }
    console.log('alive');
  })();
`;

it('keeps the process alive when statements are collected between microtasks, which needs the patch on Node 24', () => {
  // A process of its own, because an abort would take the test's with it.
  const { stdout, signal, status } = spawnSync(
    process.execPath,
    ['-e', program],
    { cwd: __dirname, encoding: 'utf8', timeout: 60_000 },
  );

  expect({ stdout, signal, status }).toEqual({
    stdout: 'alive\n',
    signal: null,
    status: 0,
  });
}, 70_000);
