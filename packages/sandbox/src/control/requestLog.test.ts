import { faultProblem } from './faults';
import { redactPath } from './requestLog';

describe('redactPath', () => {
  it.each([
    ['/a', '/a'],
    ['/a?x=1', '/a?x=1'],
    [
      '/api/callback?code=c0de&state=5tate',
      '/api/callback?code=redacted&state=redacted',
    ],
    ['/callback?token=t0ken', '/callback?token=redacted'],
    [
      '/o?client_id=id&id_token_hint=h1nt',
      '/o?client_id=id&id_token_hint=redacted',
    ],
    [
      `/if/flow/x/?next=${encodeURIComponent('/o/authorize/?a=1&state=5tate')}`,
      '/if/flow/x/?next=redacted',
    ],
    [
      `/if/flow/x/?query=${encodeURIComponent('code=c0de')}`,
      '/if/flow/x/?query=redacted',
    ],
    [
      `/x?fieldSelector=${encodeURIComponent('metadata.name=a')}`,
      '/x?fieldSelector=metadata.name%3Da',
    ],
  ])('%s', (path, expected) => {
    expect(redactPath(path)).toBe(expected);
  });
});

describe('faultProblem', () => {
  it.each([
    [{ system: 'gateway', status: 500 }, ''],
    [{ system: 'authentik', unreachable: true }, ''],
    [{ system: 'hoop', status: 500 }, 'system must be'],
    [{ system: 'gateway' }, 'one of latencyMs'],
    [{ system: 'gateway', status: 42 }, 'between 200 and 599'],
    [{ system: 'gateway', status: 500, path: '(' }, 'regular expression'],
    [{ system: 'authentik', unreachable: true, from: 'gateway' }, ''],
    [{ system: 'authentik', unreachable: true, from: 'pod' }, 'from can only'],
  ])('%j', (fault, expected) => {
    const problem = faultProblem(fault as Parameters<typeof faultProblem>[0]);
    expect(problem === undefined).toBe(expected === '');
    expect(problem ?? '').toContain(expected);
  });
});
