import { authentikPart } from './authentik';
import { gatewayPart } from './gateway/gateway';
import { kubernetesPart } from './kubernetes/kubernetes';
import { runPart } from './runParts';

/** What can be asked for on the command line; all of them by default. */
const PARTS: Record<string, () => Promise<number>> = {
  [authentikPart.name]: () => runPart(authentikPart),
  [kubernetesPart.name]: () => runPart(kubernetesPart),
  [gatewayPart.name]: () => runPart(gatewayPart),
};

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.find(name => !(name in PARTS));
  if (unknown !== undefined) {
    throw new Error(
      `There is no part "${unknown}"; expected some of: ${Object.keys(
        PARTS,
      ).join(', ')}`,
    );
  }
  for (const [name, run] of Object.entries(PARTS)) {
    if (asked.length === 0 || asked.includes(name)) {
      const failures = await run();
      if (failures > 0) {
        process.exitCode = 1;
      }
    }
  }
}

main().catch(error => {
  process.stderr.write(
    `The contract suite did not run: ${
      error instanceof Error ? error.message : error
    }\n`,
  );
  process.exitCode = 1;
});
