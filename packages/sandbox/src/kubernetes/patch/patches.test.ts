import {
  applyJsonPatch,
  JsonPatchError,
  JsonPatchSyntaxError,
} from './jsonPatch';
import { applyMergePatch } from './mergePatch';
import {
  applyStrategicMergePatch,
  StrategicMergeError,
} from './strategicMerge';

describe('applyMergePatch', () => {
  // The appendix of RFC 7386.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j gives %j', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected);
  });
});

describe('applyJsonPatch', () => {
  it.each([
    [
      'add to an object',
      { a: 1 },
      [{ op: 'add', path: '/b', value: 2 }],
      { a: 1, b: 2 },
    ],
    [
      'insert into a list',
      { l: [1, 3] },
      [{ op: 'add', path: '/l/1', value: 2 }],
      { l: [1, 2, 3] },
    ],
    [
      'append to a list',
      { l: [1] },
      [{ op: 'add', path: '/l/-', value: 2 }],
      { l: [1, 2] },
    ],
    ['remove', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['replace', { a: 1 }, [{ op: 'replace', path: '/a', value: 2 }], { a: 2 }],
    ['move', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    [
      'copy',
      { a: [1] },
      [{ op: 'copy', from: '/a', path: '/b' }],
      { a: [1], b: [1] },
    ],
    [
      'escaped names',
      { 'x/y~z': 1 },
      [{ op: 'replace', path: '/x~1y~0z', value: 2 }],
      { 'x/y~z': 2 },
    ],
    [
      'a test that holds',
      { a: 1 },
      [
        { op: 'test', path: '/a', value: 1 },
        { op: 'remove', path: '/a' },
      ],
      {},
    ],
  ])('%s', (_title, target, patch, expected) => {
    expect(applyJsonPatch(target, patch)).toEqual(expected);
  });

  it.each([
    ['a failing test', { a: 1 }, [{ op: 'test', path: '/a', value: 2 }]],
    ['a test of a missing path', {}, [{ op: 'test', path: '/a', value: 2 }]],
    ['removing what is not there', {}, [{ op: 'remove', path: '/a' }]],
    [
      'replacing what is not there',
      {},
      [{ op: 'replace', path: '/a', value: 1 }],
    ],
    [
      'adding below an absent object',
      {},
      [{ op: 'add', path: '/data/A', value: '1' }],
    ],
    [
      'an index out of bounds',
      { l: [] },
      [{ op: 'replace', path: '/l/0', value: 1 }],
    ],
    ['an inherited property', {}, [{ op: 'remove', path: '/toString' }]],
  ])('refuses %s', (_title, target, patch) => {
    expect(() => applyJsonPatch(target, patch)).toThrow(JsonPatchError);
  });

  it.each([
    ['an object', { op: 'add' }],
    ['an unknown operation', [{ op: 'put', path: '/a', value: 1 }]],
    ['an operation without path', [{ op: 'remove' }]],
    ['an add without value', [{ op: 'add', path: '/a' }]],
  ])('does not take %s for a JSON patch', (_title, patch) => {
    expect(() => applyJsonPatch({}, patch)).toThrow(JsonPatchSyntaxError);
  });

  it('leaves the target alone when a later operation fails', () => {
    const target = { a: 1 };
    expect(() =>
      applyJsonPatch(target, [
        { op: 'replace', path: '/a', value: 2 },
        { op: 'remove', path: '/b' },
      ]),
    ).toThrow(JsonPatchError);
    expect(target).toEqual({ a: 1 });
  });
});

describe('applyStrategicMergePatch', () => {
  const containers = [
    { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
    { name: 'b', image: 'b:1' },
  ];

  it.each([
    [
      'merges containers by name',
      { containers },
      { containers: [{ name: 'b', image: 'b:2' }] },
      { containers: [containers[0], { name: 'b', image: 'b:2' }] },
    ],
    [
      'merges env by name',
      { containers },
      { containers: [{ name: 'a', env: [{ name: 'Y', value: '2' }] }] },
      {
        containers: [
          {
            ...containers[0],
            env: [
              { name: 'X', value: '1' },
              { name: 'Y', value: '2' },
            ],
          },
          containers[1],
        ],
      },
    ],
    [
      'appends an unknown item',
      { containers: [containers[1]] },
      { containers: [{ name: 'c', image: 'c' }] },
      { containers: [containers[1], { name: 'c', image: 'c' }] },
    ],
    [
      'merges ports by containerPort',
      { ports: [{ containerPort: 1, name: 'x' }] },
      { ports: [{ containerPort: 1, name: 'y' }] },
      { ports: [{ containerPort: 1, name: 'y' }] },
    ],
    [
      'merges volumeMounts by mountPath',
      { volumeMounts: [{ mountPath: '/a', name: 'v' }] },
      { volumeMounts: [{ mountPath: '/b', name: 'v' }] },
      {
        volumeMounts: [
          { mountPath: '/a', name: 'v' },
          { mountPath: '/b', name: 'v' },
        ],
      },
    ],
    [
      'replaces envFrom whole',
      { envFrom: [{ secretRef: { name: 'a' } }] },
      { envFrom: [{ secretRef: { name: 'b' } }] },
      { envFrom: [{ secretRef: { name: 'b' } }] },
    ],
    [
      'replaces args whole',
      { args: ['a', 'b'] },
      { args: ['c'] },
      { args: ['c'] },
    ],
    [
      'replaces tolerations whole',
      { tolerations: [{ key: 'a' }] },
      { tolerations: [{ key: 'b' }] },
      { tolerations: [{ key: 'b' }] },
    ],
    [
      'deletes a key with null',
      { data: { a: '1', b: '2' } },
      { data: { a: null } },
      { data: { b: '2' } },
    ],
    [
      'deletes an item with $patch',
      { containers },
      { containers: [{ name: 'a', $patch: 'delete' }] },
      { containers: [containers[1]] },
    ],
    [
      'replaces a list with $patch',
      { containers },
      { containers: [{ name: 'c' }, { $patch: 'replace' }] },
      { containers: [{ name: 'c' }] },
    ],
    [
      'replaces an object with $patch',
      { strategy: { type: 'RollingUpdate', rollingUpdate: {} } },
      { strategy: { $patch: 'replace', type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'removes an object with $patch',
      { strategy: { type: 'Recreate' }, a: 1 },
      { strategy: { $patch: 'delete' } },
      { a: 1 },
    ],
    [
      'keeps only the named keys with $retainKeys',
      { strategy: { type: 'RollingUpdate', rollingUpdate: {} } },
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'orders by $setElementOrder',
      { containers },
      {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
        containers: [{ name: 'a', image: 'a:2' }],
      },
      { containers: [containers[1], { ...containers[0], image: 'a:2' }] },
    ],
    [
      'unites finalizers',
      { finalizers: ['a'] },
      { finalizers: ['a', 'b'] },
      { finalizers: ['a', 'b'] },
    ],
    [
      'takes from a primitive list',
      { finalizers: ['a', 'b'] },
      { '$deleteFromPrimitiveList/finalizers': ['a'] },
      { finalizers: ['b'] },
    ],
  ])('%s', (_title, target, patch, expected) => {
    expect(applyStrategicMergePatch(target, patch)).toEqual(expected);
  });

  it('refuses a list item without its merge key', () => {
    expect(() =>
      applyStrategicMergePatch(
        { containers },
        { containers: [{ image: 'x' }] },
      ),
    ).toThrow(StrategicMergeError);
  });

  it('refuses an unknown directive', () => {
    expect(() =>
      applyStrategicMergePatch({}, { spec: { $patch: 'rename' } }),
    ).toThrow(StrategicMergeError);
  });
});
