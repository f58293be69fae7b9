import { InputError, NotFoundError } from '@backstage/errors';
import { ConfigReader } from '@backstage/config';
import { DefaultHoopAuthentikService } from './DefaultHoopAuthentikService';
import { resolveGateway } from './resolveGateway';

const ENTITY = {
  ref: 'resource:default/hoop',
  annotations: {
    'hoop.dev/gateway': 'main',
    'goauthentik.io/application': 'annotated',
  },
};
const UNATTACHED = { ref: 'component:default/website' };

describe('resolveGateway', () => {
  const service = DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [{ baseUrl: 'https://auth.company', token: 'token' }],
        gateways: ['main', 'other'].map(name => ({
          name,
          url: `https://${name}.company`,
          application: 'configured',
          target: { type: 'envFile' },
        })),
      },
    }),
  });

  afterAll(() => service.close());

  it.each([
    ['the name', { gateway: 'main' }, 'configured'],
    ['an entity', { entity: ENTITY }, 'annotated'],
    [
      'an entity and its gateway',
      { entity: ENTITY, gateway: 'main' },
      'annotated',
    ],
    [
      'an unattached entity and a gateway',
      { entity: UNATTACHED, gateway: 'main' },
      'configured',
    ],
    ['an entity and a slug', { entity: ENTITY, application: 'given' }, 'given'],
    [
      'an entity and an empty gateway',
      { entity: ENTITY, gateway: '' },
      'annotated',
    ],
  ])('should find gateway and slug from %s', (_, reference, slug) => {
    const { gateway, desired, claim } = resolveGateway(service, reference);

    expect(gateway).toBe(service.getGateway('main'));
    expect(desired).toMatchObject({
      issuer: `https://auth.company/application/o/${slug}/`,
      application: { slug },
    });
    expect(claim).toEqual({
      gateway: 'main',
      slug,
      claimedApplication: 'configured',
      redirectUri: 'https://main.company/api/callback',
    });
  });

  it.each([
    [
      'an entity of another gateway',
      { entity: ENTITY, gateway: 'other' },
      new InputError(
        'The annotation hoop.dev/gateway attaches the entity resource:default/hoop to the gateway "main", but the gateway "other" was given. Omit the gateway, or change the annotation.',
      ),
    ],
    [
      'an unattached entity',
      { entity: UNATTACHED },
      new NotFoundError(
        'The entity component:default/website is not attached to a gateway: it has no annotation hoop.dev/gateway. Add the annotation.',
      ),
    ],
    [
      'an unknown gateway',
      { gateway: 'nowhere' },
      new NotFoundError(
        'Unknown gateway "nowhere". Expected one of those declared under hoopAuthentik.gateways in app-config: main, other.',
      ),
    ],
    [
      'no reference',
      {},
      new InputError(
        'Expected the name of a gateway, or an entity that is attached to one; found neither.',
      ),
    ],
    [
      'an invalid slug',
      { gateway: 'main', application: 'no slug' },
      new InputError(
        'The application slug must be 1 to 50 letters, digits, "-" and "_"; found "no slug".',
      ),
    ],
  ])('should refuse %s', (_, reference, { name, message }) => {
    expect(() => resolveGateway(service, reference)).toThrow(
      expect.objectContaining({ name, message }),
    );
  });
});
