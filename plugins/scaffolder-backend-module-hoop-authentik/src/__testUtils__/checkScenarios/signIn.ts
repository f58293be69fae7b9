import { startInterceptor } from '../startInterceptor';
import {
  accountOf,
  configure,
  faulty,
  lookingFor,
  restart,
  setSettings,
  type Scenario,
} from './world';

/** What goes wrong with the sign-in. @internal */
export const SIGN_IN_SCENARIOS: Scenario[] = [
  {
    check: 'sign-in.administrator',
    status: 'fail',
    follows: ['gateway.adminGroup'],
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
    // The sandbox's has one from the start.
    async make(world) {
      const { systems } = world;
      const proxy = await startInterceptor({
        url: world.sandbox.gateway.url,
        rewrite: text =>
          text.replace(/"setup_required": ?false/, '"setup_required":true'),
      });
      const other = world.otherPortal({ gateway: { url: proxy.url } });
      world.systems = { ...systems, hoop: other.systems.hoop };
      return async () => {
        world.systems = systems;
        await proxy.close();
      };
    },
  },
  {
    check: 'sign-in.login-url',
    status: 'fail',
    follows: ['kubernetes.settings', 'sign-in.testAccount'],
    when: 'the gateway was started with another client id',
    mendedBy: 'the software template',
    async make(world) {
      await setSettings(world, { IDP_CLIENT_ID: 'another' });
      await restart(world);
      return () => configure(world);
    },
  },
  {
    check: 'sign-in.login-url',
    status: 'fail',
    follows: ['sign-in.testAccount'],
    when: 'authentik has no login page to send people to',
    mendedBy: 'an authentication flow',
    // Who asks without wanting to sign in is told, as by any authentik, that a login is required.
    make: faulty({
      system: 'authentik',
      path: '^(?!.*[?&]prompt=none).*/o/authorize/',
      status: 404,
    }),
  },
  {
    check: 'sign-in.testAccount',
    status: 'fail',
    when: 'no binding allows the test account',
    mendedBy: 'an account that a binding allows',
    async make(world) {
      const { systems, sandbox } = world;
      const other = world.otherPortal({
        gateway: { testAccount: accountOf(sandbox, 'bob') },
      });
      world.systems = { ...systems, signIn: other.systems.signIn };
      return async () => {
        world.systems = systems;
      };
    },
  },
];
