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
              { name: 'Y', value: '2' },
              { name: 'X', value: '1' },
            ],
          },
          containers[1],
        ],
      },
    ],
    [
      'puts an unknown item first',
      { containers: [containers[1]] },
      { containers: [{ name: 'c', image: 'c' }] },
      { containers: [{ name: 'c', image: 'c' }, containers[1]] },
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
          { mountPath: '/b', name: 'v' },
          { mountPath: '/a', name: 'v' },
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
