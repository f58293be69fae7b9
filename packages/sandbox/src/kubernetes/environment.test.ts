import { computeEnvironment, expandVariables } from './environment';
import { ConfigMap, Container, Pod, Secret } from './types';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'demo',
    uid: 'u-1',
    labels: { app: 'web' },
    annotations: { 'a.b/c': 'note' },
  },
  spec: { containers: [], nodeName: 'node-1' },
  status: { phase: 'Running', podIP: '10.0.0.1', hostIP: '127.0.0.1' },
};

const maps: Record<string, Record<string, string>> = {
  base: { A: 'base', B: 'base', EMPTY: 'x' },
  over: { B: 'over', EMPTY: '' },
  odd: { 'with.dot': '1', '0digit': '2' },
};

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

const secretData: Record<string, Record<string, string>> = {
  hidden: { PASSWORD: encode('s3cret'), ISSUER: encode('https://x/\n') },
};

const sources = {
  pod,
  configMap: (name: string): ConfigMap | undefined =>
    maps[name] && {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: maps[name],
    },
  secret: (name: string): Secret | undefined =>
    secretData[name] && {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      data: secretData[name],
    },
};

function environmentOf(
  container: Partial<Container>,
  options?: { strictNames: boolean },
) {
  return computeEnvironment(
    { name: 'web', image: 'x', ...container },
    sources,
    options,
  );
}

describe('computeEnvironment', () => {
  it.each<[string, Partial<Container>, Record<string, string>]>([
    [
      'a later source wins, even with an empty value',
      {
        envFrom: [
          { configMapRef: { name: 'base' } },
          { configMapRef: { name: 'over' } },
        ],
      },
      { A: 'base', B: 'over', EMPTY: '' },
    ],
    [
      'env wins over every source',
      {
        env: [{ name: 'A', value: 'env' }],
        envFrom: [{ configMapRef: { name: 'base' } }],
      },
      { A: 'env', B: 'base', EMPTY: 'x' },
    ],
    [
      'the last of two equal names wins',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      { A: '2' },
    ],
    [
      'a prefix goes before every key of its source',
      { envFrom: [{ prefix: 'P_', secretRef: { name: 'hidden' } }] },
      { P_PASSWORD: 's3cret', P_ISSUER: 'https://x/\n' },
    ],
    [
      'an optional source may be missing',
      { envFrom: [{ configMapRef: { name: 'none', optional: true } }] },
      {},
    ],
    [
      'an optional key may be missing',
      {
        env: [
          {
            name: 'A',
            valueFrom: {
              secretKeyRef: { name: 'hidden', key: 'NONE', optional: true },
            },
          },
        ],
      },
      {},
    ],
    [
      'values come from keys and fields',
      {
        env: [
          {
            name: 'S',
            valueFrom: { secretKeyRef: { name: 'hidden', key: 'PASSWORD' } },
          },
          {
            name: 'C',
            valueFrom: { configMapKeyRef: { name: 'base', key: 'A' } },
          },
          {
            name: 'IP',
            valueFrom: { fieldRef: { fieldPath: 'status.podIP' } },
          },
          {
            name: 'APP',
            valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } },
          },
        ],
      },
      { S: 's3cret', C: 'base', IP: '10.0.0.1', APP: 'web' },
    ],
    [
      'value expands earlier variables, values from sources do not expand',
      {
        envFrom: [{ configMapRef: { name: 'base' } }],
        env: [
          { name: 'LATER', value: '$(A)-$(NEXT)' },
          { name: 'NEXT', value: '$$(A)' },
        ],
      },
      {
        A: 'base',
        B: 'base',
        EMPTY: 'x',
        LATER: 'base-$(NEXT)',
        NEXT: '$(A)',
      },
    ],
  ])('%s', (_title, container, expected) => {
    expect(environmentOf(container)).toEqual({
      ok: true,
      env: expected,
      invalidNames: [],
    });
  });

  it.each<[string, Partial<Container>, string]>([
    [
      'a missing ConfigMap',
      { envFrom: [{ configMapRef: { name: 'none' } }] },
      'configmap "none" not found',
    ],
    [
      'a missing Secret',
      { envFrom: [{ secretRef: { name: 'none' } }] },
      'secret "none" not found',
    ],
    [
      'a missing key',
      {
        env: [
          {
            name: 'A',
            valueFrom: { secretKeyRef: { name: 'hidden', key: 'NONE' } },
          },
        ],
      },
      "couldn't find key NONE in Secret demo/hidden",
    ],
  ])(
    'keeps the container from starting for %s',
    (_title, container, message) => {
      expect(environmentOf(container)).toEqual({ ok: false, message });
    },
  );

  it('skips names older kubelets refuse and tells which', () => {
    const container = { envFrom: [{ configMapRef: { name: 'odd' } }] };
    expect(environmentOf(container, { strictNames: true })).toEqual({
      ok: true,
      env: { 'with.dot': '1' },
      invalidNames: [{ source: 'odd', names: ['0digit'] }],
    });
    expect(environmentOf(container)).toMatchObject({
      env: { 'with.dot': '1', '0digit': '2' },
    });
  });
});

describe('expandVariables', () => {
  it.each([
    ['$(A)', 'a'],
    ['x$(A)y$(A)', 'xaya'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$(UNKNOWN)', '$(UNKNOWN)'],
    ['$A', '$A'],
    ['$(toString)', '$(toString)'],
    ['100$', '100$'],
  ])('%s becomes %s', (value, expected) => {
    expect(expandVariables(value, { A: 'a' })).toBe(expected);
  });
});
