import { desiredIntegration } from 'backstage-plugin-hoop-authentik-node';
import { signInWithBrowser } from 'sandbox';
import {
  accountOf,
  configure,
  faulty,
  restart,
  setSettings,
  type Scenario,
} from './world';

/** What goes wrong with the sign-in. @internal */
export const SIGN_IN_SCENARIOS: Scenario[] = [
  {
    check: 'sign-in.administrator',
    status: 'fail',
    follows: ['gateway.admin-group'],
    when: 'app-config names the admin group in other letters',
    fixedBy: 'the exact name',
    // With a key of the gateway the administrator that it knows by the e-mail address would count.
    async make(world) {
      const { systems, desired } = world;
      const other = world.otherPortal({
        apiKey: undefined,
        gateway: { adminGroup: 'Admin' },
      });
      world.systems = other.systems;
      world.desired = desiredIntegration(other.config, other.authentik);
      return async () => {
        world.systems = systems;
        world.desired = desired;
      };
    },
  },
  {
    check: 'sign-in.first-user',
    status: 'warn',
    when: 'the gateway has no user yet',
    fixedBy: 'the sign-in of the intended administrator',
    async make({ sandbox }) {
      const { authentik, control, gateway } = sandbox;
      await control.forgetUsers();
      return async () => {
        const response = await fetch(`${gateway.url}/api/login`);
        const { login_url: loginUrl } = await response.json();
        const { error } = await signInWithBrowser({
          loginUrl,
          ...accountOf(sandbox, 'jane'),
          origins: [authentik.url, gateway.url].map(url => new URL(url).origin),
        });
        if (error) {
          throw new Error(`the administrator could not sign in: ${error}`);
        }
      };
    },
  },
  {
    check: 'sign-in.login-url',
    status: 'fail',
    follows: ['kubernetes.settings', 'sign-in.test-account'],
    when: 'the gateway was started with another client id',
    fixedBy: 'the software template',
    async make(world) {
      await setSettings(world, { IDP_CLIENT_ID: 'another' });
      await restart(world);
      return () => configure(world);
    },
  },
  {
    check: 'sign-in.login-url',
    status: 'fail',
    follows: ['sign-in.test-account'],
    when: 'authentik has no login page to send people to',
    fixedBy: 'an authentication flow',
    // A request that does not want to sign in is answered, as by any authentik, that a login is required.
    make: faulty({
      system: 'authentik',
      path: '^(?!.*[?&]prompt=none).*/o/authorize/',
      status: 404,
    }),
  },
  {
    check: 'sign-in.test-account',
    status: 'fail',
    when: 'no binding allows the test account',
    fixedBy: 'an account that a binding allows',
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
