import { randomBytes } from 'node:crypto';
import { desiredIntegration } from 'backstage-plugin-hoop-authentik-node';
import { startInterceptor } from '../startInterceptor';
import { callAuthentik } from '../systemState';
import {
  configure,
  faulty,
  lookingFor,
  othersOf,
  providerWith,
  restart,
  type Scenario,
  type World,
} from './world';

const BY_TEMPLATE = 'the software template, which puts the field right';

/** Fixed as people do it: by what the template does first. */
const byTemplate =
  (make: Scenario['make']): Scenario['make'] =>
  async world => {
    await make(world);
    return () => world.ensure();
  };

/** As an administrator of authentik does. */
const generateCertificate = ({ sandbox }: World, name: string, days: number) =>
  callAuthentik(sandbox, 'POST', '/crypto/certificatekeypairs/generate/', {
    common_name: name,
    validity_days: days,
  });

/** Without the mapping of one scope. */
const unmapped = (scope: string) =>
  providerWith(async (found, { sandbox }) => {
    const { results } = await callAuthentik(
      sandbox,
      'GET',
      `/propertymappings/provider/scope/?scope_name=${scope}`,
    );
    const mappings = found.property_mappings as string[];
    return {
      property_mappings: mappings.filter(
        pk => !results.some((one: { pk: string }) => one.pk === pk),
      ),
    };
  });

/** What goes wrong in authentik, in the order of the checks. @internal */
export const AUTHENTIK_SCENARIOS: Scenario[] = [
  {
    check: 'authentik.reachable',
    status: 'unknown',
    follows: [
      ...othersOf('authentik', 'authentik.reachable'),
      'kubernetes.settings',
      'gateway.stored-configuration',
      'gateway.oidc-loaded',
      'sign-in.administrator',
    ],
    when: 'authentik cuts every connection',
    fixedBy: 'the connection back',
    make: faulty({ system: 'authentik', unreachable: true }),
  },
  {
    check: 'authentik.permissions',
    status: 'fail',
    follows: [
      ...othersOf('authentik', 'authentik.permissions').filter(
        id => id !== 'authentik.reachable',
      ),
      'kubernetes.settings',
      'gateway.stored-configuration',
      'sign-in.administrator',
      'sign-in.login-url',
    ],
    when: 'the token has no permission at all',
    fixedBy: 'a token with the documented permissions',
    async make(world) {
      const { systems, sandbox } = world;
      const { noPermissions: token } = sandbox.authentik.tokens;
      const other = world.otherPortal({ authentik: { token } });
      world.systems = {
        ...systems,
        authentik: other.systems.authentik,
      };
      return async () => {
        world.systems = systems;
      };
    },
  },
  {
    check: 'authentik.application',
    status: 'fail',
    when: 'app-config names a slug that no application has',
    fixedBy: 'the right slug',
    make: lookingFor(({ application }) => ({
      application: { ...application, slug: 'elsewhere' },
    })),
  },
  {
    check: 'authentik.provider',
    status: 'fail',
    when: 'the client is public',
    fixedBy: BY_TEMPLATE,
    make: byTemplate(providerWith(() => ({ client_type: 'public' }))),
  },
  {
    check: 'authentik.redirect-uri',
    status: 'fail',
    follows: [
      'authentik.authorize',
      'sign-in.login-url',
      'sign-in.test-account',
    ],
    when: 'another redirect URI is registered',
    fixedBy: 'the software template, and the other one removed',
    async make(world) {
      const remove = await providerWith(() => ({
        redirect_uris: [
          {
            matching_mode: 'strict',
            url: `${world.sandbox.gateway.url}/else/callback`,
          },
        ],
      }))(world);
      return async () => {
        // Keeps what others have registered.
        await world.ensure();
        await remove();
      };
    },
  },
  {
    check: 'authentik.signing-key',
    status: 'fail',
    follows: ['authentik.discovery', 'sign-in.test-account'],
    when: 'the provider has no signing key',
    fixedBy: `${BY_TEMPLATE}, and a restart of the gateway`,
    async make(world) {
      const fix = await byTemplate(providerWith(() => ({ signing_key: null })))(
        world,
      );
      return async () => {
        // A new certificate, which a gateway that runs does not know.
        await fix();
        await restart(world);
      };
    },
  },
  {
    check: 'authentik.signing-key-expiry',
    status: 'warn',
    when: 'the certificate expires in ten days',
    fixedBy: 'another certificate, and a restart of the gateway',
    async make(world) {
      const { pk } = await generateCertificate(world, 'Expires soon', 10);
      const fix = await providerWith(() => ({ signing_key: pk }))(world);
      // A gateway that runs takes half an hour to learn of another key.
      await restart(world);
      return async () => {
        await fix();
        await restart(world);
      };
    },
  },
  {
    check: 'authentik.signing-key-shared',
    status: 'warn',
    when: 'another provider signs with the same key',
    fixedBy:
      'another certificate, named in the software template, and a restart of the gateway',
    async make(world) {
      const { sandbox } = world;
      const { results } = await callAuthentik(
        sandbox,
        'GET',
        '/providers/oauth2/',
      );
      await callAuthentik(sandbox, 'POST', '/providers/oauth2/', {
        name: 'Wiki',
        authorization_flow: results[0].authorization_flow,
        invalidation_flow: results[0].invalidation_flow,
        redirect_uris: [],
        grant_types: ['authorization_code'],
        signing_key: results[0].signing_key,
      });
      return async () => {
        await generateCertificate(world, 'Hoop.dev alone', 365);
        await world.ensure('Hoop.dev alone');
        await restart(world);
      };
    },
  },
  {
    check: 'authentik.encryption-key',
    status: 'fail',
    when: 'the provider has an encryption key',
    fixedBy: BY_TEMPLATE,
    make: byTemplate(
      providerWith(({ signing_key: key }) => ({ encryption_key: key })),
    ),
  },
  {
    check: 'authentik.scopes',
    status: 'fail',
    follows: ['authentik.email-claim'],
    when: 'the scope email is not mapped',
    fixedBy: BY_TEMPLATE,
    make: byTemplate(unmapped('email')),
  },
  {
    check: 'authentik.grant-types',
    status: 'fail',
    follows: [
      'authentik.authorize',
      'sign-in.login-url',
      'sign-in.test-account',
    ],
    when: 'the provider does not list the authorization code',
    fixedBy: BY_TEMPLATE,
    make: byTemplate(providerWith(() => ({ grant_types: ['refresh_token'] }))),
  },
  {
    check: 'authentik.bindings',
    status: 'fail',
    follows: ['authentik.declared-bindings'],
    when: 'the only binding is disabled, while app-config names groups',
    fixedBy: 'an enabled binding',
    async make({ sandbox }) {
      const { results } = await callAuthentik(
        sandbox,
        'GET',
        '/policies/bindings/',
      );
      const { pk, target, group, order } = results[0];
      const enable = (enabled: boolean) =>
        callAuthentik(sandbox, 'PATCH', `/policies/bindings/${pk}/`, {
          target,
          group,
          order,
          enabled,
        });
      await enable(false);
      return () => enable(true);
    },
  },
  {
    check: 'authentik.declared-bindings',
    status: 'fail',
    when: 'app-config names a group that is not bound',
    fixedBy: 'a binding, or the group taken out of app-config',
    make: lookingFor(() => ({ allowedGroups: ['finance'] })),
  },
  {
    check: 'authentik.issuer-mode',
    status: 'fail',
    follows: ['authentik.discovery', 'gateway.oidc-loaded'],
    when: 'the issuer is that of the whole authentik',
    fixedBy: BY_TEMPLATE,
    make: byTemplate(providerWith(() => ({ issuer_mode: 'global' }))),
  },
  {
    check: 'authentik.discovery',
    status: 'fail',
    follows: [
      // The keys are at the public address, where this portal does not ask.
      'authentik.signing-key',
      'authentik.signing-key-expiry',
      'authentik.signing-key-shared',
      'kubernetes.settings',
      'sign-in.login-url',
      'sign-in.test-account',
    ],
    when: 'baseUrl in app-config is an internal address of authentik',
    fixedBy: 'the public URL of authentik as baseUrl',
    async make(world) {
      const { systems, desired, sandbox } = world;
      // Behind it authentik goes by its public address, whatever it was asked by.
      const proxy = await startInterceptor({
        url: sandbox.authentik.url,
        rewrite: text => text.replaceAll(proxy.url, sandbox.authentik.url),
      });
      const other = world.otherPortal({ authentik: { baseUrl: proxy.url } });
      world.systems = other.systems;
      world.desired = desiredIntegration(other.config, other.authentik);
      return async () => {
        world.systems = systems;
        world.desired = desired;
        await proxy.close();
      };
    },
  },
  {
    check: 'authentik.authorize',
    status: 'fail',
    follows: ['sign-in.login-url', 'sign-in.test-account'],
    when: 'authentik refuses every request to sign in',
    fixedBy: 'authentik accepting them again',
    make: faulty({ system: 'authentik', path: '/o/authorize/', status: 400 }),
  },
  {
    check: 'authentik.client-secret',
    status: 'fail',
    follows: ['kubernetes.settings', 'sign-in.test-account'],
    when: 'the client secret in authentik is empty',
    fixedBy: 'a new client secret in authentik, and the software template',
    async make(world) {
      await providerWith(() => ({ client_secret: '' }))(world);
      return async () => {
        await providerWith(() => ({
          client_secret: randomBytes(48).toString('hex'),
        }))(world);
        await configure(world);
      };
    },
  },
  {
    check: 'authentik.groups-claim',
    status: 'fail',
    follows: ['authentik.scopes'],
    when: 'the scope profile is not mapped',
    fixedBy: BY_TEMPLATE,
    make: byTemplate(unmapped('profile')),
  },
  {
    check: 'authentik.email-claim',
    status: 'warn',
    follows: ['gateway.admin-group', 'sign-in.administrator'],
    // authentik's users are seeded in the sandbox, and cannot be changed.
    when: 'app-config names an admin group whose member has no email address',
    fixedBy: 'the admin group taken back, whose member has one',
    make: lookingFor(({ gateway }) => ({
      gateway: { ...gateway, adminGroup: 'finance' },
    })),
  },
  {
    check: 'authentik.token-size',
    status: 'warn',
    when: 'the administrator is in a hundred groups more',
    fixedBy: 'fewer groups',
    async make({ sandbox }) {
      const { results } = await callAuthentik(
        sandbox,
        'GET',
        '/core/users/?username=jane',
      );
      const made: string[] = [];
      for (let index = 0; index < 100; index++) {
        const { pk } = await callAuthentik(sandbox, 'POST', '/core/groups/', {
          name: `a-group-with-a-long-name-${index}`,
          users: [results[0].pk],
        });
        made.push(pk);
      }
      return async () => {
        for (const pk of made) {
          await callAuthentik(sandbox, 'DELETE', `/core/groups/${pk}/`);
        }
      };
    },
  },
];
