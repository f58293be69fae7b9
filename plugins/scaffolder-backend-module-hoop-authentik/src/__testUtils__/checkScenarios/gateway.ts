import {
  configure,
  containerWith,
  faulty,
  GATEWAY_DOWN,
  restart,
  setSettings,
  type Scenario,
  type World,
} from './world';

/** As its web form does; `body` is what is to be stored. */
async function callAuthConfig(
  { sandbox }: World,
  method: 'GET' | 'PUT',
  body?: object,
) {
  const { url, apiKey } = sandbox.gateway;
  const response = await fetch(`${url}/api/serverconfig/auth`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(
      `${method} of the stored configuration: ${response.status}`,
    );
  }
  return response.json();
}

/** What goes wrong at the gateway. @internal */
export const GATEWAY_SCENARIOS: Scenario[] = [
  {
    check: 'gateway.reachable',
    status: 'unknown',
    follows: GATEWAY_DOWN.filter(id => id !== 'gateway.reachable'),
    when: 'the gateway cuts every connection',
    fixedBy: 'the connection back',
    make: faulty({ system: 'gateway', unreachable: true }),
  },
  {
    check: 'gateway.version',
    status: 'fail',
    when: 'the gateway runs 1.34.0',
    fixedBy: 'an upgrade',
    make: containerWith(() => ({ image: 'hoophq/hoop:1.34.0' })),
  },
  {
    check: 'gateway.version',
    status: 'warn',
    when: 'the gateway runs 1.37.0',
    fixedBy: 'an upgrade',
    make: containerWith(() => ({ image: 'hoophq/hoop:1.37.0' })),
  },
  {
    check: 'gateway.api-url',
    status: 'fail',
    follows: ['sign-in.login-url', 'sign-in.test-account'],
    when: 'API_URL is another address',
    fixedBy: 'API_URL as the url in app-config',
    make: containerWith(() => ({
      env: [{ name: 'API_URL', value: 'https://internal.example' }],
    })),
  },
  {
    check: 'gateway.api-url',
    status: 'fail',
    follows: GATEWAY_DOWN,
    when: 'API_URL has a path',
    fixedBy: 'API_URL without a path',
    make: containerWith(({ sandbox }) => ({
      env: [{ name: 'API_URL', value: `${sandbox.gateway.url}/hoop` }],
    })),
  },
  {
    check: 'gateway.stored-configuration',
    status: 'fail',
    when: 'another groups claim is stored in the gateway itself',
    fixedBy: 'the row taken out of its database, and a restart',
    async make(world) {
      const { oidc_config: oidc, ...found } = await callAuthConfig(
        world,
        'GET',
      );
      await callAuthConfig(world, 'PUT', {
        ...found,
        oidc_config: { ...oidc, groups_claim: 'roles' },
      });
      return async () => {
        await world.sandbox.control.forgetAuthConfig();
        await restart(world);
      };
    },
  },
  {
    check: 'gateway.auth-method',
    status: 'fail',
    follows: ['kubernetes.settings'],
    when: 'the gateway was started with local accounts',
    fixedBy: 'the software template',
    async make(world) {
      await setSettings(world, { AUTH_METHOD: 'local' });
      await restart(world);
      return () => configure(world);
    },
  },
  {
    check: 'gateway.oidc-loaded',
    status: 'fail',
    when: 'the gateway no longer reaches authentik',
    fixedBy: 'the way from the gateway to authentik opened',
    make: faulty({ system: 'authentik', unreachable: true, from: 'gateway' }),
  },
  {
    check: 'gateway.admin-group',
    status: 'fail',
    // A key of the group "admin" is no administrator's any more.
    follows: ['gateway.stored-configuration'],
    when: 'the gateway takes another group for its administrators',
    fixedBy: 'ADMIN_USERNAME as the adminGroup in app-config',
    make: containerWith(() => ({
      env: [{ name: 'ADMIN_USERNAME', value: 'owners' }],
    })),
  },
];
