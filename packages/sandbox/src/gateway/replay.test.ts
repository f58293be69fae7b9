import { judge } from '../replay/differences';
import { docRows, tableOf } from '../replay/table';
import { docTable } from '../testing/docTable';
import { replayGateway } from './replay';
import { GATEWAY_DIFFERENCES } from './replay/differences';

describe('recorded boots of and exchanges with a Hoop gateway 1.148', () => {
  it('are answered as recorded, or listed with the reason', async () => {
    const judgement = judge('hoop', await replayGateway(), GATEWAY_DIFFERENCES);
    process.stdout.write(`${tableOf([judgement]).join('\n')}\n`);
    expect(judgement.unlisted).toEqual([]);
    expect(judgement.idle).toEqual([]);
    expect(judgement.same.length + judgement.listed.length).toBe(592);
  }, 120_000);

  it('have their differences in the docs', () => {
    expect(docTable('Differences to a recorded Hoop gateway 1.148')).toEqual(
      docRows(GATEWAY_DIFFERENCES),
    );
  });
});
