import { blueprintsOf } from './blueprints';
import { ensureApplication, previewApplication } from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { GOOD_APPLICATION, GOOD_PROVIDER } from './__testUtils__/goodFacts';
import { CONTEXT } from './__testUtils__/serverObjects';
import { SLUG_ONLY } from './__testUtils__/specs';

const NAMES = { slug: 'hoop', provider: 'Provider for Hoop' };

const blueprint = (content: string, enabled = true) => ({
  pk: 'b',
  name: 'company',
  enabled,
  content,
});

const APPLICATION = `version: 1
entries:
  - model: authentik_core.application
    identifiers: { slug: hoop }
    attrs: { provider: !KeyOf provider, name: Hoop }
`;
const PROVIDER = `entries:
  - id: provider
    model: authentik_providers_oauth2.oauth2provider
    state: present
    attrs:
      name: Provider for Hoop
      authorization_flow: !Find [authentik_flows.flow, [slug, implicit]]
`;

describe('an application that a blueprint manages', () => {
  it.each([
    ['its slug', APPLICATION],
    ['the name of its provider', PROVIDER],
    [
      'its slug, in a group of entries',
      APPLICATION.replace('entries:\n', 'entries:\n x:\n'),
    ],
  ])('should be recognised by %s', (_, content) => {
    expect(blueprintsOf([blueprint(content)], NAMES)).toEqual(['company']);
  });

  it.each([
    ['is off', blueprint(APPLICATION, false)],
    ['is a file', blueprint('')],
    [
      'is about another application',
      blueprint(APPLICATION.replace('slug: hoop', 'slug: other')),
    ],
    [
      'only creates it',
      blueprint(
        APPLICATION.replace('identifiers', 'state: created\n    identifiers'),
      ),
    ],
    [
      'removes it',
      blueprint(
        APPLICATION.replace('identifiers', 'state: absent\n    identifiers'),
      ),
    ],
    [
      'is of another model',
      blueprint(APPLICATION.replace('core.application', 'core.group')),
    ],
    ['is no YAML', blueprint('entries: [')],
    ['has no entries', blueprint('version: 1')],
    ['is a text', blueprint('entries: x')],
    ['is endless', blueprint(`${APPLICATION}#${'x'.repeat(1024 * 1024)}`)],
  ])('should not be seen in one that %s', (_, one) => {
    expect(blueprintsOf([one], NAMES)).toEqual([]);
  });

  const drifted = () => {
    const client = new FakeAuthentikClient();
    client.applications = [GOOD_APPLICATION];
    client.providers = [
      {
        ...GOOD_PROVIDER,
        redirectUris: [...GOOD_PROVIDER.redirectUris],
        grantTypes: [],
      },
    ];
    client.blueprints = [blueprint(APPLICATION), blueprint(PROVIDER)];
    return client;
  };
  const context = { ...CONTEXT, checkBlueprints: true };

  it('should be named in the plan before it is changed', async () => {
    const { notes } = await previewApplication(drifted(), SLUG_ONLY, context);
    expect(notes.join()).toContain('authentik\'s blueprint "company" manages');
    const client = drifted();
    const onPlan = jest.fn(() => expect(client.writes).toEqual([]));
    await ensureApplication(client, SLUG_ONLY, context, { onPlan });
    expect(onPlan).toHaveBeenCalledWith(
      expect.objectContaining({
        notes: [expect.stringContaining('Make the same change there.')],
      }),
    );
    expect(client.writes).not.toEqual([]);
  });

  it('should not be asked about where nothing of it changes, or app-config does not say so', async () => {
    const client = drifted();
    await ensureApplication(client, SLUG_ONLY, CONTEXT);
    await ensureApplication(client, SLUG_ONLY, context);
    expect(client.calls).not.toContain('listBlueprints');
  });

  it('should be changed where the blueprints may not be read, with a note', async () => {
    const client = drifted();
    client.refused.add('listBlueprints');
    const { plan, writes } = await ensureApplication(
      client,
      SLUG_ONLY,
      context,
    );
    expect(plan.notes.join()).toContain('could not be determined');
    expect(writes).toBeGreaterThan(0);
  });
});
