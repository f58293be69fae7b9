import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { ROOT } from '../src/backendProcess';

interface Axe {
  run(context: unknown): Promise<{
    violations: Array<{
      id: string;
      help: string;
      nodes: Array<{ html: string; failureSummary?: string }>;
    }>;
  }>;
}

const axeSource = readFileSync(
  require.resolve('axe-core/axe.min.js', { paths: [ROOT] }),
  'utf8',
);

/** What axe-core finds wrong with a part of the page, one text for each finding. */
export async function accessibilityProblems(part: Locator): Promise<string[]> {
  await part.page().evaluate(axeSource);
  return part.evaluate(async element => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(element);
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${help}\n${html}\n${failureSummary ?? ''}`,
      ),
    );
  });
}
