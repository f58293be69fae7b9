import { judge } from '../replay/differences';
import { docRows, tableOf } from '../replay/table';
import { docTable } from '../testing/docTable';
import { replayKubernetes } from './replay';
import { KUBERNETES_DIFFERENCES } from './replay/differences';

describe('recorded exchanges with Kubernetes 1.36', () => {
  it('are answered as recorded, or listed with the reason', async () => {
    const judgement = judge(
      'kubernetes',
      await replayKubernetes(),
      KUBERNETES_DIFFERENCES,
    );
    process.stdout.write(`${tableOf([judgement]).join('\n')}\n`);
    expect(judgement.unlisted).toEqual([]);
    expect(judgement.idle).toEqual([]);
    expect(judgement.same.length + judgement.listed.length).toBe(250);
  }, 120_000);

  it('have their differences in the docs', () => {
    expect(docTable('Differences to a recorded Kubernetes 1.36')).toEqual(
      docRows(KUBERNETES_DIFFERENCES),
    );
  });
});
