import { ManagedFieldsEntry } from '../types';
import { JsonRecord } from '../values';
import { describePath, FieldSet, fieldsOf } from './fieldSet';
import { recordUpdate, Writer } from './managedFields';
import { serverSideApply } from './serverSideApply';

const early = '2026-01-01T00:00:00Z';
const late = '2026-01-02T00:00:00Z';

function applier(manager: string): Writer {
  return { manager, operation: 'Apply', apiVersion: 'v1' };
}

function updater(manager: string): Writer {
  return { manager, operation: 'Update', apiVersion: 'v1' };
}

function configMap(data: Record<string, string>): JsonRecord {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
    data,
  };
}

function apply(
  live: JsonRecord | undefined,
  entries: ManagedFieldsEntry[],
  manager: string,
  configuration: JsonRecord,
  force = false,
) {
  return serverSideApply({
    live,
    entries,
    applied: configuration,
    writer: applier(manager),
    force,
    time: late,
  });
}

function applied(
  live: JsonRecord | undefined,
  entries: ManagedFieldsEntry[],
  manager: string,
  object: JsonRecord,
  force = false,
) {
  const result = apply(live, entries, manager, object, force);
  if (!result.ok) {
    throw new Error(`conflict: ${JSON.stringify(result.conflicts)}`);
  }
  return result;
}

function ownersOf(entries: ManagedFieldsEntry[], field: string): string[] {
  return entries
    .filter(entry =>
      FieldSet.fromFieldsV1(entry.fieldsV1).has(['f:data', `f:${field}`]),
    )
    .map(entry => entry.manager)
    .sort();
}

describe('serverSideApply', () => {
  const base = applied(undefined, [], 'alice', configMap({ A: '1', B: '2' }));

  it('owns what it creates', () => {
    expect(base.object).toEqual(configMap({ A: '1', B: '2' }));
    expect(base.entries).toEqual([
      {
        manager: 'alice',
        operation: 'Apply',
        apiVersion: 'v1',
        time: late,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:A': {}, 'f:B': {} } },
      },
    ]);
  });

  it('refuses a different value somebody else owns and names owner and field', () => {
    const entries = recordUpdate({
      before: undefined,
      after: configMap({ A: '1' }),
      entries: [],
      writer: updater('kubectl-edit'),
      time: early,
    });
    expect(
      apply(configMap({ A: '1' }), entries, 'bob', configMap({ A: '9' })),
    ).toEqual({
      ok: false,
      conflicts: [
        {
          reason: 'FieldManagerConflict',
          message: `conflict with "kubectl-edit" using v1 at ${early}`,
          field: '.data.A',
        },
      ],
    });
  });

  it('shares a field applied with the same value', () => {
    const shared = applied(
      base.object,
      base.entries,
      'bob',
      configMap({ A: '1' }),
    );
    expect(ownersOf(shared.entries, 'A')).toEqual(['alice', 'bob']);
    expect(ownersOf(shared.entries, 'B')).toEqual(['alice']);
  });

  it('removes a field left out by its only owner', () => {
    const next = applied(
      base.object,
      base.entries,
      'alice',
      configMap({ A: '1' }),
    );
    expect(next.object.data).toEqual({ A: '1' });
    expect(ownersOf(next.entries, 'B')).toEqual([]);
  });

  it('keeps a field left out by one of two owners', () => {
    const shared = applied(
      base.object,
      base.entries,
      'bob',
      configMap({ A: '1' }),
    );
    const next = applied(
      shared.object,
      shared.entries,
      'alice',
      configMap({ B: '2' }),
    );
    expect(next.object.data).toEqual({ A: '1', B: '2' });
    expect(ownersOf(next.entries, 'A')).toEqual(['bob']);
  });

  it('transfers ownership with force', () => {
    const forced = applied(
      base.object,
      base.entries,
      'bob',
      configMap({ A: '9' }),
      true,
    );
    expect(forced.object.data).toEqual({ A: '9', B: '2' });
    expect(ownersOf(forced.entries, 'A')).toEqual(['bob']);
    expect(ownersOf(forced.entries, 'B')).toEqual(['alice']);
  });

  it('keeps the entry of an apply that changes nothing', () => {
    const again = serverSideApply({
      live: base.object,
      entries: base.entries,
      applied: configMap({ A: '1', B: '2' }),
      writer: applier('alice'),
      force: false,
      time: '2026-02-02T00:00:00Z',
    });
    expect(again).toEqual({
      ok: true,
      object: base.object,
      entries: base.entries,
    });
  });

  it('merges containers by name and owns lists without keys as one value', () => {
    const podSpec = (container: JsonRecord) => ({
      spec: { containers: [container] },
    });
    const first = applied(
      undefined,
      [],
      'alice',
      podSpec({ name: 'web', image: 'x:1', args: ['a', 'b'] }),
    );
    const second = applied(
      first.object,
      first.entries,
      'bob',
      podSpec({ name: 'web', env: [{ name: 'X', value: '1' }] }),
    );
    expect(second.object).toEqual(
      podSpec({
        name: 'web',
        image: 'x:1',
        args: ['a', 'b'],
        env: [{ name: 'X', value: '1' }],
      }),
    );
    const conflict = apply(
      second.object,
      second.entries,
      'carol',
      podSpec({ name: 'web', args: ['a'] }),
    );
    expect(conflict).toMatchObject({
      ok: false,
      conflicts: [{ field: '.spec.containers[name="web"].args' }],
    });
  });
});

describe('recordUpdate', () => {
  const before = configMap({ A: '1', B: '2' });
  const entries = recordUpdate({
    before: undefined,
    after: before,
    entries: [],
    writer: updater('first'),
    time: early,
  });

  it('gives a changed field to the writer and dates the write', () => {
    const after = recordUpdate({
      before,
      after: configMap({ A: '9', B: '2' }),
      entries,
      writer: updater('second'),
      time: late,
    });
    expect(ownersOf(after, 'A')).toEqual(['second']);
    expect(ownersOf(after, 'B')).toEqual(['first']);
    expect(after.map(entry => [entry.manager, entry.time])).toEqual([
      ['first', early],
      ['second', late],
    ]);
  });

  it('dates a new value of a field the writer owns already', () => {
    const after = recordUpdate({
      before,
      after: configMap({ A: '9', B: '2' }),
      entries,
      writer: updater('first'),
      time: late,
    });
    expect(after).toMatchObject([{ manager: 'first', time: late }]);
  });

  it('takes a removed field from everybody', () => {
    const after = recordUpdate({
      before,
      after: configMap({ B: '2' }),
      entries,
      writer: updater('second'),
      time: late,
    });
    expect(ownersOf(after, 'A')).toEqual([]);
    expect(after).toHaveLength(1);
  });

  it('leaves everything as it is when nothing changed', () => {
    expect(
      recordUpdate({
        before,
        after: before,
        entries,
        writer: updater('second'),
        time: late,
      }),
    ).toBe(entries);
  });
});

describe('FieldSet', () => {
  it('survives the notation of managedFields', () => {
    const object = {
      metadata: { name: 'x', labels: { a: 'b' }, finalizers: ['f'] },
      spec: {
        containers: [
          { name: 'web', ports: [{ containerPort: 80 }], args: ['a'] },
        ],
        selector: { matchLabels: { a: 'b' } },
      },
    };
    const fields = fieldsOf(object);
    expect(fields.toFieldsV1()).toEqual({
      'f:metadata': {
        'f:labels': { 'f:a': {} },
        'f:finalizers': { 'v:"f"': {} },
      },
      'f:spec': {
        'f:containers': {
          'k:{"name":"web"}': {
            '.': {},
            'f:name': {},
            'f:ports': {
              'k:{"containerPort":80,"protocol":"TCP"}': {
                '.': {},
                'f:containerPort': {},
              },
            },
            'f:args': {},
          },
        },
        'f:selector': {},
      },
    });
    expect(FieldSet.fromFieldsV1(fields.toFieldsV1()).toFieldsV1()).toEqual(
      fields.toFieldsV1(),
    );
  });

  it('describes paths as conflict messages do', () => {
    expect(
      describePath(['f:spec', 'f:containers', 'k:{"name":"web"}', 'f:image']),
    ).toBe('.spec.containers[name="web"].image');
  });
});
