import { Difference, judge, Replayed } from './differences';
import { tableOf } from './table';

const replayed = (title: string, ...problems: string[]): Replayed => ({
  scenario: 'read',
  title,
  problems,
});

const listed: Difference = {
  scenario: 'read',
  titles: ['listed', 'all of …'],
  reason: 'not simulated',
};

describe('judge', () => {
  it('should tell same, listed and unlisted answers apart', () => {
    const {
      same,
      listed: known,
      unlisted,
      idle,
    } = judge(
      'kubernetes',
      [
        replayed('same'),
        replayed('listed', 'status'),
        replayed('all of them', 'status'),
        replayed('new', 'status 200 became 404'),
      ],
      [listed],
    );
    expect(same).toEqual([replayed('same')]);
    expect(known.map(({ replayed: { title } }) => title)).toEqual([
      'listed',
      'all of them',
    ]);
    expect(unlisted.map(({ title }) => title)).toEqual(['new']);
    expect(idle).toEqual([]);
  });

  it('should name what is listed and no difference any more', () => {
    const { same, idle } = judge('kubernetes', [replayed('listed')], [listed]);
    expect(same).toHaveLength(1);
    expect(idle).toEqual(['read: listed', 'read: all of …']);
  });
});

describe('tableOf', () => {
  it('should show every scenario, and what is not the same with its reason', () => {
    const lines = tableOf([
      judge(
        'kubernetes',
        [replayed('same'), replayed('listed', 'a'), replayed('new', 'b')],
        [listed],
      ),
    ]);
    expect(lines[1]).toMatch(/^kubernetes\s+read\s+3\s+1\s+1\s+1$/);
    expect(lines).toContain('  read: listed: not simulated');
    expect(lines).toContain('UNLISTED read: new');
    expect(lines).toContain('LISTED BUT NOT DIFFERENT read: all of …');
  });
});
