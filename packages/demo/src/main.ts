import { parseArgs } from 'node:util';
import { runDemo } from './demo';
import { Printer } from './printer';

const USAGE = `Usage: npm run demo [-- --json]

Starts the sandbox and the portal's backend, connects the gateway to authentik through the software template,
signs a user in, runs the template again, and says whether everything is as it should be (exit code 0) or not (1).

  --json   print one JSON document on standard output; progress goes to standard error
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const printer = new Printer(values.json ? process.stderr : process.stdout);
  const report = await runDemo(printer);
  const { figures, problems } = report;

  printer.heading('Result');
  printer.line(
    `${figures.totalSeconds} s in all (${
      figures.startSeconds
    } s to start); resident memory ${
      figures.backendMegabytes + figures.sandboxMegabytes
    } MB (backend ${figures.backendMegabytes} MB, sandbox ${
      figures.sandboxMegabytes
    } MB)`,
  );
  for (const problem of problems) {
    printer.line(`Not as it should be: ${problem}`);
  }
  printer.line(
    problems.length === 0
      ? 'The gateway is connected: everything is as it should be.'
      : 'The demo failed.',
  );
  if (values.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
  return problems.length === 0 ? 0 : 1;
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(
      `\nThe demo failed: ${error instanceof Error ? error.message : error}\n`,
    );
    process.exitCode = 1;
  },
);
