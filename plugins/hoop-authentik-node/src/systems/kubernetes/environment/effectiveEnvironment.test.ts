import { inspect } from 'node:util';
import fc from 'fast-check';
import { SecretValue } from '../../../core';
import {
  decodeSecretData,
  describeMissing,
  describeProvenance,
  effectiveEnvironment,
  EffectiveEnvironment,
  EffectiveEnvironmentInput,
} from './effectiveEnvironment';
import type { Container } from '../types';

function compute(
  container: Omit<Container, 'name'>,
  objects: Partial<EffectiveEnvironmentInput> = {},
): EffectiveEnvironment {
  return effectiveEnvironment({
    container,
    configMaps: {},
    secrets: {},
    ...objects,
  });
}

function plain({ entries }: EffectiveEnvironment): Record<string, unknown> {
  return Object.fromEntries(
    [...entries].map(([key, { value }]) => [
      key,
      value instanceof SecretValue ? value.reveal() : value,
    ]),
  );
}

const fromMap = (name: string, optional?: boolean, prefix?: string) => ({
  prefix,
  configMapRef: { name, optional },
});
const fromSecret = (name: string, optional?: boolean) => ({
  secretRef: { name, optional },
});

describe('effectiveEnvironment', () => {
  it('should let a later envFrom override an earlier one, even with an empty value', () => {
    const result = compute(
      { envFrom: [fromSecret('hoop-config'), fromSecret('existing')] },
      {
        secrets: {
          'hoop-config': { IDP_ISSUER: 'https://old', API_URL: 'https://hoop' },
          existing: { IDP_ISSUER: '' },
        },
      },
    );
    expect(plain(result)).toEqual({ IDP_ISSUER: '', API_URL: 'https://hoop' });
    const { source, shadows } = result.entries.get('IDP_ISSUER')!;
    expect(describeProvenance(source)).toBe(
      'key "IDP_ISSUER" of Secret "existing" (envFrom[1])',
    );
    expect(shadows.map(describeProvenance)).toEqual([
      'key "IDP_ISSUER" of Secret "hoop-config" (envFrom[0])',
    ]);
  });

  it('should let env override envFrom in any position, and the last duplicate the first', () => {
    const result = compute(
      {
        env: [{ name: 'AUTH_METHOD', value: 'oidc' }, { name: 'AUTH_METHOD' }],
        envFrom: [fromMap('a')],
      },
      { configMaps: { a: { AUTH_METHOD: 'local' } } },
    );
    expect(plain(result)).toEqual({ AUTH_METHOD: '' });
    const entry = result.entries.get('AUTH_METHOD')!;
    expect(entry.source).toEqual({ kind: 'env', index: 1, key: 'AUTH_METHOD' });
    expect(entry.shadows.map(describeProvenance)).toEqual([
      'key "AUTH_METHOD" of ConfigMap "a" (envFrom[0])',
      'a value in the container itself (env[0])',
    ]);
  });

  it('should put the prefix before every key', () => {
    const result = compute(
      { envFrom: [fromMap('a', false, 'IDP_')] },
      { configMaps: { a: { ISSUER: 'x' } } },
    );
    expect(plain(result)).toEqual({ IDP_ISSUER: 'x' });
    expect(describeProvenance(result.entries.get('IDP_ISSUER')!.source)).toBe(
      'key "ISSUER" of ConfigMap "a" (envFrom[0], prefix "IDP_")',
    );
  });

  it('should skip missing optional references and report the others', () => {
    const ref = { name: 'gone', key: 'K' };
    const result = compute(
      {
        envFrom: [
          fromMap('here'),
          fromMap('gone'),
          fromMap('gone', true),
          fromSecret('gone'),
        ],
        env: [
          { name: 'A', valueFrom: { secretKeyRef: ref } },
          {
            name: 'B',
            valueFrom: { configMapKeyRef: { ...ref, optional: true } },
          },
          {
            name: 'C',
            valueFrom: { configMapKeyRef: { name: 'here', key: 'no' } },
          },
          {
            name: 'KEPT',
            valueFrom: {
              configMapKeyRef: { name: 'here', key: 'no', optional: true },
            },
          },
        ],
      },
      { configMaps: { here: { KEPT: 'from envFrom' }, gone: undefined } },
    );
    expect(result.missing.map(describeMissing)).toEqual([
      'ConfigMap "gone" does not exist (envFrom[1])',
      'Secret "gone" does not exist (envFrom[3])',
      'Secret "gone" does not exist (env[0])',
      'ConfigMap "here" has no key "no" (env[2])',
    ]);
    expect(plain(result)).toEqual({ KEPT: 'from envFrom' });
  });

  it('should keep values from a Secret secret, also after expansion', () => {
    const result = compute(
      {
        envFrom: [fromSecret('s')],
        env: [
          { name: 'COPY', value: 'x-$(IDP_CLIENT_SECRET)-y' },
          { name: 'COPY_OF_COPY', value: '$(COPY)' },
          {
            name: 'REF',
            valueFrom: {
              secretKeyRef: { name: 's', key: 'IDP_CLIENT_SECRET' },
            },
          },
        ],
      },
      { secrets: { s: { IDP_CLIENT_SECRET: 'hunter22' } } },
    );
    for (const { value } of result.entries.values()) {
      expect(value).toBeInstanceOf(SecretValue);
    }
    expect(plain(result)).toMatchObject({
      COPY_OF_COPY: 'x-hunter22-y',
      REF: 'hunter22',
    });
    expect(inspect(result, { depth: 9, showHidden: true })).not.toContain(
      'hunter22',
    );
    expect(JSON.stringify([...result.entries])).not.toContain('hunter22');
  });

  it.each([
    ['$(A)', 'a'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$(LATER)', '$(LATER)'],
    ['$(SELF)', '$(SELF)'],
    ['$(A', '$(A'],
    ['$A ${A}', '$A ${A}'],
    ['end$', 'end$'],
    ['$()', '$()'],
    ['$(A)$(MAP)', 'a$(A)'],
    ['$(A B)', '$(A B)'],
    ['a$$b$$', 'a$b$'],
  ])('should expand %j to %j', (value, expected) => {
    const result = compute(
      {
        envFrom: [fromMap('m')],
        env: [
          { name: 'A', value: 'a' },
          { name: 'SELF', value },
          { name: 'LATER', value: 'late' },
        ],
      },
      // Values from an object are not expanded.
      { configMaps: { m: { MAP: '$(A)' } } },
    );
    expect(plain(result)).toMatchObject({ SELF: expected, MAP: '$(A)' });
  });

  it('should leave values undefined that only the pod knows', () => {
    const result = compute({
      env: [
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        {
          name: 'MEM',
          valueFrom: { resourceFieldRef: { resource: 'limits.memory' } },
        },
        { name: 'URL', value: 'http://$(IP)' },
      ],
    });
    expect(plain(result)).toEqual({
      IP: undefined,
      MEM: undefined,
      URL: undefined,
    });
    expect(describeProvenance(result.entries.get('IP')!.source)).toBe(
      'field status.podIP of the pod (env[0])',
    );
  });

  it('should skip keys that are not names of variables', () => {
    const keys = ['1A', '..x', 'A.b', '-k', '_', 'Z9', 'a=b', 'ü'];
    const result = compute(
      { envFrom: [fromMap('m')] },
      { configMaps: { m: Object.fromEntries(keys.map(key => [key, ''])) } },
    );
    expect([...result.entries.keys()].sort()).toEqual([
      '-k',
      '..x',
      '1A',
      'A.b',
      'Z9',
      '_',
    ]);
  });

  it('should handle names of Object.prototype', () => {
    const result = compute(
      {
        envFrom: [fromMap('constructor'), fromMap('m')],
        env: [
          {
            name: 'T',
            valueFrom: { configMapKeyRef: { name: 'm', key: 'toString' } },
          },
        ],
      },
      { configMaps: { m: JSON.parse('{"__proto__":"p"}') } },
    );
    expect(result.missing).toHaveLength(2);
    expect([...result.entries.keys()]).toEqual(['__proto__']);
  });

  it('should keep the bytes of a secret, including a final line feed', () => {
    const encode = (text: string) => Buffer.from(text).toString('base64');
    expect(
      decodeSecretData({ A: encode('x\n'), B: encode('ü'), C: '' }),
    ).toEqual({ A: 'x\n', B: 'ü', C: '' });
    expect(decodeSecretData(undefined)).toEqual({});
  });

  it('should agree with an independent implementation of the rules', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'P_A', '9', 'x=');
    const text = fc
      .array(fc.constantFrom('$', '(', ')', 'A', 'B', '$(A)', '$$', ''), {
        maxLength: 6,
      })
      .map(parts => parts.join(''));
    const objects = fc.dictionary(
      fc.constantFrom('one', 'two'),
      fc.option(fc.dictionary(name, text), { nil: undefined }),
    );
    const reference = {
      name: fc.constantFrom('one', 'two', 'three'),
      optional: fc.option(fc.boolean(), { nil: undefined }),
    };
    const envFrom = fc.record({
      prefix: fc.constantFrom(undefined, '', 'P_'),
      configMapRef: fc.option(fc.record(reference), { nil: undefined }),
      secretRef: fc.option(fc.record(reference), { nil: undefined }),
    });
    const keyRef = fc.record({ ...reference, key: name });
    const env = fc.record({
      name,
      value: fc.option(text, { nil: undefined }),
      valueFrom: fc
        .constantFrom(undefined)
        .chain(() =>
          fc.oneof(
            fc.constant(undefined),
            fc.record({ configMapKeyRef: keyRef }),
            fc.record({ secretKeyRef: keyRef }),
          ),
        ),
    });
    fc.assert(
      fc.property(
        fc.array(envFrom, { maxLength: 4 }),
        fc.array(env, { maxLength: 5 }),
        objects,
        objects,
        (froms, envs, configMaps, secrets) => {
          const container = { envFrom: froms, env: envs };
          const result = effectiveEnvironment({
            container,
            configMaps,
            secrets,
          });
          const naive = statedPlainly(container, configMaps, secrets);
          expect(plain(result)).toEqual(naive.values);
          expect(result.missing.length > 0).toBe(naive.stuck);
          for (const [key, { value, source, shadows }] of result.entries) {
            const fromSecretObject = source.object?.kind === 'Secret';
            expect(fromSecretObject && !(value instanceof SecretValue)).toBe(
              false,
            );
            expect(shadows).toHaveLength(naive.writes[key] - 1);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** An independent implementation of the rules: a list of assignments, and a scanner by character. */
function statedPlainly(
  container: Omit<Container, 'name'>,
  configMaps: EffectiveEnvironmentInput['configMaps'],
  secrets: EffectiveEnvironmentInput['secrets'],
) {
  const values: Record<string, string> = {};
  const writes: Record<string, number> = {};
  let stuck = false;
  const assign = (key: string, value: string) => {
    values[key] = value;
    writes[key] = (writes[key] ?? 0) + 1;
  };
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom!) {
    const store = configMapRef ? configMaps : secrets;
    const ref = configMapRef ?? secretRef;
    const found = ref && store[ref.name];
    if (found) {
      for (const key of Object.keys(found)) {
        if (!(prefix + key).includes('=')) {
          assign(prefix + key, found[key]);
        }
      }
    } else if (ref && ref.optional !== true) {
      stuck = true;
    }
  }
  for (const { name, value, valueFrom } of container.env!) {
    if (value) {
      assign(name, scan(value, values));
    } else if (valueFrom) {
      const { configMapKeyRef, secretKeyRef } = valueFrom;
      const found = configMapKeyRef
        ? configMaps[configMapKeyRef.name]?.[configMapKeyRef.key]
        : secrets[secretKeyRef!.name]?.[secretKeyRef!.key];
      if (found !== undefined) {
        assign(name, found);
      } else if ((configMapKeyRef ?? secretKeyRef)!.optional !== true) {
        stuck = true;
      }
    } else {
      assign(name, '');
    }
  }
  return { values, writes, stuck };
}

function scan(text: string, values: Record<string, string>): string {
  let out = '';
  let i = 0;
  while (i < text.length) {
    const close = text.indexOf(')', i);
    if (text[i] !== '$') {
      out += text[i];
      i += 1;
    } else if (text[i + 1] === '$') {
      out += '$';
      i += 2;
    } else if (text[i + 1] === '(' && close > 0) {
      const name = text.slice(i + 2, close);
      out += name in values ? values[name] : text.slice(i, close + 1);
      i = close + 1;
    } else {
      out += '$';
      i += 1;
    }
  }
  return out;
}
