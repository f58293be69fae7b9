import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  issuerOf,
  REQUIRED_SCOPES,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Pair, Workbench } from '../Workbench';

export function oidcStatements(workbench: Workbench): void {
  let pair: Promise<Pair> | undefined;
  /** Shared by the statements that only look. */
  const onePair = () => {
    pair ??= workbench.addPair('oidc');
    return pair;
  };
  const authorize = async (change: {
    clientId?: string;
    redirectUri?: string;
  }) => {
    const { provider } = await onePair();
    return workbench.probes.probeAuthorize({
      clientId: provider.clientId,
      redirectUri: workbench.context.redirectUri,
      scopes: [...REQUIRED_SCOPES],
      ...change,
    });
  };

  it('the issuer is that of the application, to the byte, with the slash at the end', async () => {
    const { application } = await onePair();
    const discovery = await workbench.probes.getDiscovery(application.slug);
    assert.equal(
      discovery?.issuer,
      issuerOf(workbench.client.baseUrl, application.slug),
    );
    assert.ok(discovery.issuer.endsWith(`/${application.slug}/`));
  });

  it('discovery names the scopes, the groups claim and RS256, and the keys are published', async () => {
    const { application } = await onePair();
    const discovery = await workbench.probes.getDiscovery(application.slug);
    assert.ok(discovery);
    for (const scope of REQUIRED_SCOPES) {
      assert.ok(discovery.scopes.includes(scope), scope);
    }
    assert.ok(discovery.claims.includes('groups'));
    assert.deepEqual(discovery.idTokenSigningAlgorithms, ['RS256']);
    const keys = await workbench.probes.getKeys(discovery.jwksUri);
    assert.equal(keys.length, 1);
    assert.equal(keys[0].kty, 'RSA');
    assert.equal(keys[0].alg, 'RS256');
    assert.ok(keys[0].kid);
  });

  it('without a signing key tokens are signed by the secret and no keys are published', async () => {
    const { application } = await workbench.addPair('hs256', {
      provider: { signingKey: null },
    });
    const discovery = await workbench.probes.getDiscovery(application.slug);
    assert.deepEqual(discovery?.idTokenSigningAlgorithms, ['HS256']);
    assert.deepEqual(await workbench.probes.getKeys(discovery.jwksUri), []);
  });

  it('an application without a provider has no discovery document', async () => {
    const slug = workbench.slug('bare');
    await workbench.client.createApplication({ name: slug, slug });
    assert.equal(await workbench.probes.getDiscovery(slug), undefined);
    assert.equal(
      await workbench.probes.getDiscovery(workbench.name('nothing')),
      undefined,
    );
  });

  it('an authorize request without a session accepts the client and its redirect URI', async () => {
    assert.deepEqual(await authorize({}), { outcome: 'accepted' });
  });

  it('another redirect URI is refused, if only by a slash at the end', async () => {
    const redirectUri = `${workbench.context.redirectUri}/`;
    assert.deepEqual(await authorize({ redirectUri }), {
      outcome: 'redirect-uri-refused',
    });
  });

  it('an unknown client is refused', async () => {
    assert.deepEqual(await authorize({ clientId: workbench.name('nobody') }), {
      outcome: 'client-refused',
    });
  });

  it('from 2026.5 a client without the grant for codes is refused', async () => {
    const { provider } = await workbench.addPair('no-grant', {
      provider: { grantTypes: ['refresh_token'] },
    });
    assert.deepEqual(
      await authorize({ clientId: provider.clientId }),
      (await workbench.isAtLeast('2026.5'))
        ? { outcome: 'error', error: 'invalid_request' }
        : { outcome: 'accepted' },
    );
  });

  it('revoking a token that does not exist tells a right secret from a wrong one', async () => {
    const { provider } = await onePair();
    const { clientId, clientSecret } = provider;
    const { probes } = workbench;
    assert.equal(
      await probes.probeClientSecret({ clientId, clientSecret }),
      true,
    );
    assert.equal(
      await probes.probeClientSecret({
        clientId,
        clientSecret: workbench.newSecret(),
      }),
      false,
    );
  });

  it('the claims of a user can be previewed, and groups are among them', async () => {
    const { application, provider } = await onePair();
    const claims = await workbench.client.previewClaims(provider.pk, undefined);
    assert.equal(
      claims.iss,
      issuerOf(workbench.client.baseUrl, application.slug),
    );
    assert.ok(Array.isArray(claims.groups));
    assert.ok('email' in claims);
  });
}
