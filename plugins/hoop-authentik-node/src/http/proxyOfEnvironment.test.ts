import { proxyOfEnvironment } from './proxies';

describe('proxyOfEnvironment', () => {
  const proxyOf = (url: string, env: Record<string, string>) =>
    proxyOfEnvironment(new URL(url), env)?.uri;

  it.each<[string, Record<string, string>, string | undefined]>([
    ['https://a.example', {}, undefined],
    ['https://a.example', { HTTP_PROXY: 'http://p' }, undefined],
    ['https://a.example', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://a.example', { https_proxy: 'p:3128' }, 'http://p:3128'],
    ['http://a.example', { HTTP_PROXY: 'https://p' }, 'https://p'],
    ['http://a.example', { HTTPS_PROXY: 'http://p' }, undefined],
    ['https://a.example', { GLOBAL_AGENT_HTTP_PROXY: 'http://p' }, 'http://p'],
    [
      'https://a.example',
      {
        GLOBAL_AGENT_HTTP_PROXY: 'http://p',
        GLOBAL_AGENT_NO_PROXY: '*.example',
      },
      undefined,
    ],
    ['http://localhost:8001', { HTTP_PROXY: 'http://p' }, undefined],
    ['http://[::1]:8001', { HTTP_PROXY: 'http://p' }, undefined],
  ])('should choose for %s with %j', (url, env, proxy) => {
    expect(proxyOf(url, env)).toBe(proxy);
  });

  it.each([
    ['https://a.example', 'a.example', true],
    ['https://a.example', 'example', true],
    ['https://a.example', '.example, other', true],
    ['https://a.example', '*.example', true],
    ['https://a.example', '*', true],
    ['https://a.example', 'A.Example:443', true],
    ['https://a.example', 'a.example:8443', false],
    ['https://aexample', 'example', false],
    ['https://a.example', '.a.example.org', false],
    ['https://10.96.0.1', '10.0.0.0/8,192.168.0.0/16', true],
    ['https://11.96.0.1', '10.0.0.0/8', false],
    ['https://10.96.0.1', '10.96.0.1', true],
    ['https://10.96.0.1', '10.0.0.0/99', false],
    ['https://[fd00::1]:6443', 'fd00::/8', true],
    ['https://[fd00::1]:6443', 'fd00::1', true],
    ['https://[fe00::1]:6443', 'fd00::/8', false],
  ])(
    'should know whether %s is direct with NO_PROXY=%s',
    (url, list, direct) => {
      const env = { HTTPS_PROXY: 'http://p', NO_PROXY: list };
      expect(proxyOf(url, env) === undefined).toBe(direct);
    },
  );
});
