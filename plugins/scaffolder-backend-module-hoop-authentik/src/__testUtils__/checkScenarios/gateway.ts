import { configureGateway } from 'backstage-plugin-hoop-authentik-node';
import { startInterceptor } from '../startInterceptor';
import {
  faulty,
  lookingFor,
  restart,
  setSettings,
  type Scenario,
} from './world';

/** A gateway that answers otherwise than the sandbox's can be made to. */
function answering(from: string | RegExp, to: string): Scenario['make'] {
  return async world => {
    const { systems } = world;
    const proxy = await startInterceptor({
      url: world.sandbox.gateway.url,
      rewrite: text => text.replace(from, to),
    });
    const other = world.otherPortal({ gateway: { url: proxy.url } });
    world.systems = { ...systems, hoop: other.systems.hoop };
    return async () => {
      world.systems = systems;
      await proxy.close();
    };
  };
}

/** What goes wrong at the gateway and with the sign-in. @internal */
export const GATEWAY_SCENARIOS: Scenario[] = [
  {
    check: 'gateway.reachable',
    status: 'unknown',
    when: 'the gateway cuts every connection',
    mendedBy: 'the connection back',
    make: faulty({ system: 'gateway', unreachable: true }),
  },
  {
    check: 'gateway.auth-method',
    status: 'fail',
    when: 'the gateway was started with local accounts',
    mendedBy: 'the software template',
    async make(world) {
      await setSettings(world, { AUTH_METHOD: 'local' });
      await restart(world);
      return () =>
        configureGateway(world.systems, world.desired, { log: () => {} });
    },
  },
  {
    check: 'gateway.oidc-loaded',
    status: 'fail',
    when: 'the gateway answers a callback as one without OpenID',
    mendedBy: 'a restart of the gateway',
    make: faulty({ system: 'gateway', path: '/api/callback', status: 403 }),
  },
  {
    check: 'sign-in.administrator',
    status: 'fail',
    when: 'app-config names the admin group in other letters',
    mendedBy: 'the exact name',
    make: lookingFor(({ gateway }) => ({
      gateway: { ...gateway, adminGroup: 'Admin' },
    })),
  },
  {
    check: 'sign-in.firstUser',
    status: 'warn',
    when: 'the gateway has no user yet',
    mendedBy: 'the sign-in of the intended administrator',
    make: answering(/"setup_required": ?false/, '"setup_required":true'),
  },
  {
    check: 'sign-in.login-url',
    status: 'fail',
    when: 'the gateway asks for fewer scopes',
    mendedBy: 'the software template',
    make: answering('scope=openid+profile+email', 'scope=openid'),
  },
];
