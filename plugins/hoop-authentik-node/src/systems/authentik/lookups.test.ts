import { APPLICATION_PK } from './__testUtils__/everyMethod';
import { RECORDED_VERSIONS, recordedBody } from './__testUtils__/fixtures';
import {
  useRecordedServer,
  type ListBody,
} from './__testUtils__/useRecordedServer';

describe.each(RECORDED_VERSIONS)('Lookups on %s', version => {
  const isOld = version === '2025.10';
  const { server, client, answer, lastRequest } = useRecordedServer(version);

  it('should list flows and check the designation again', async () => {
    answer('flows');
    const flows = await client().listFlows({ designation: 'authorization' });
    expect(flows.map(({ slug }) => slug)).toContain(
      'default-provider-authorization-implicit-consent',
    );
    expect(flows[0]).toEqual({
      pk: expect.any(String),
      slug: expect.any(String),
      name: expect.any(String),
      designation: 'authorization',
    });
    expect(lastRequest().query.get('designation')).toBe('authorization');
    await expect(
      client().listFlows({ designation: 'invalidation' }),
    ).resolves.toEqual([]);
    await expect(client().listFlows({})).resolves.toHaveLength(flows.length);
  });

  it('should list key pairs with their types, including those without a private key', async () => {
    answer('keyPairs');
    await expect(client().listKeyPairs()).resolves.toEqual([
      {
        pk: expect.any(String),
        name: 'authentik Self-signed Certificate',
        keyType: 'rsa',
        privateKeyAvailable: true,
        expiry: expect.stringMatching(/^2027-/),
        managed: undefined,
      },
    ]);
    expect(lastRequest().query.has('has_key')).toBe(false);
    expect(lastRequest().query.has('include_details')).toBe(false);

    const body = recordedBody<ListBody>(version, 'keyPairs');
    const [pair] = body.results;
    const member = isOld ? 'private_key_type' : 'key_type';
    body.results = [
      { ...pair, pk: '1', [member]: isOld ? 'ellipticcurve' : 'ec' },
      { ...pair, pk: '2', [member]: null },
      { ...pair, pk: '3', private_key_available: false },
    ];
    answer({ status: 200, body });
    const pairs = await client().listKeyPairs();
    expect(
      pairs.map(({ keyType, privateKeyAvailable }) => [
        keyType,
        privateKeyAvailable,
      ]),
    ).toEqual([
      ['ec', true],
      [undefined, true],
      ['rsa', false],
    ]);
  });

  it('should list scope mappings', async () => {
    answer('scopeMappings');
    const mappings = await client().listScopeMappings();
    expect(mappings).toContainEqual({
      pk: expect.any(String),
      name: "authentik default OAuth Mapping: OpenID 'profile'",
      scopeName: 'profile',
      managed: 'goauthentik.io/providers/oauth2/scope-profile',
    });
  });

  it('should find a group without its members in full', async () => {
    answer('group');
    await expect(client().findGroup('authentik Admins')).resolves.toEqual({
      pk: expect.any(String),
      name: 'authentik Admins',
      users: [3],
    });
    expect(lastRequest().query.get('include_users')).toBe('false');
    await expect(
      client().findGroup('Authentik admins'),
    ).resolves.toBeUndefined();

    answer('groups');
    const groups = await client().listGroups();
    expect(groups.map(({ name }) => name)).toContain('engineering');
    expect(lastRequest().query.get('include_users')).toBe('false');
  });

  it('should read the members of a group and check its name again', async () => {
    // As recorded with `include_users`, which the trimmed responses omit.
    const group = {
      pk: 'g',
      name: 'engineering',
      users: [4, 5],
      users_obj: [
        { pk: 4, username: 'jane', name: 'Jane Doe', is_active: true },
        { pk: 5, username: 'bob', name: 'Bob', is_active: false },
      ],
    };
    const body = recordedBody<ListBody>(version, 'groups');
    answer({ status: 200, body: { ...body, results: [group] } });
    await expect(client().findGroupMembers('engineering')).resolves.toEqual({
      pk: 'g',
      name: 'engineering',
      members: [
        { pk: 4, username: 'jane', isActive: true },
        { pk: 5, username: 'bob', isActive: false },
      ],
    });
    expect(lastRequest().query.get('include_users')).toBe('true');
    expect(lastRequest().query.get('name')).toBe('engineering');
    await expect(
      client().findGroupMembers('Engineering'),
    ).resolves.toBeUndefined();
  });

  it('should list what refers to a certificate', async () => {
    answer({
      status: 200,
      body: [
        {
          app: 'authentik_providers_oauth2',
          model_name: 'oauth2provider',
          pk: '7',
          name: 'Wiki',
          action: 'set_null',
        },
      ],
    });
    await expect(client().listKeyPairUses('k')).resolves.toEqual([
      { model: 'oauth2provider', pk: '7', name: 'Wiki' },
    ]);
  });

  it('should not choose between two groups with the same name', async () => {
    const body = recordedBody<ListBody>(version, 'group');
    body.results.push({ ...body.results[0], pk: 'another' });
    answer({ status: 200, body });
    await expect(client().findGroup('authentik Admins')).rejects.toMatchObject({
      name: 'ConflictError',
    });
  });

  it('should find a user and a policy by exact name', async () => {
    answer('user');
    await expect(client().findUser('jane')).resolves.toEqual({
      pk: 4,
      username: 'jane',
      name: 'Jane Doe',
      email: 'jane@company.example',
      isActive: true,
    });
    expect(Object.fromEntries(lastRequest().query)).toMatchObject({
      username: 'jane',
      include_groups: 'false',
      include_roles: 'false',
    });
    await expect(client().findUser('Jane')).resolves.toBeUndefined();

    await expect(
      client().listUsersByEmail('Jane@Company.example'),
    ).resolves.toMatchObject([{ pk: 4 }]);
    expect(lastRequest().query.get('search')).toBe('Jane@Company.example');
    await expect(
      client().listUsersByEmail('ane@company.example'),
    ).resolves.toEqual([]);

    answer('policies');
    await expect(client().findPolicy('hoop-allow')).resolves.toEqual({
      pk: expect.any(String),
      name: 'hoop-allow',
    });
    expect(lastRequest().query.get('search')).toBe('hoop-allow');
    await expect(client().findPolicy('hoop')).resolves.toBeUndefined();
  });

  it('should read the last sign-ins', async () => {
    const body = recordedBody<{
      results: Array<{ context: { authorized_application: { pk: string } } }>;
    }>(version, 'lastSignIn');
    const { pk } = body.results[0].context.authorized_application;
    const dashed = pk.replace(
      /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
      '$1-$2-$3-$4-$5',
    );
    answer('lastSignIn');
    await expect(client().listSignIns(dashed, 1)).resolves.toEqual([
      {
        at: expect.stringMatching(/^2026-11-23T/),
        username: 'jane',
      },
    ]);
    expect(Object.fromEntries(lastRequest().query)).toEqual({
      action: 'authorize_application',
      context_authorized_app: pk,
      ordering: '-created',
      page_size: '1',
    });
    // No further page is requested.
    expect(server().requests).toHaveLength(1);
    await expect(client().listSignIns(APPLICATION_PK, 1)).resolves.toEqual([]);
    answer('noSignIn');
    await expect(client().listSignIns(dashed, 1)).resolves.toEqual([]);
  });
});
