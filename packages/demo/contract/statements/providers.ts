import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SecretValue } from 'backstage-plugin-hoop-authentik-node';
import type { Workbench } from '../Workbench';

export function providerStatements(workbench: Workbench): void {
  it('reading a provider gives client id and client secret as they were set', async () => {
    const clientId = workbench.name('client');
    const clientSecret = workbench.newSecret();
    const { provider } = await workbench.addPair('secret', {
      provider: { clientId, clientSecret },
    });
    assert.equal(provider.clientId, clientId);
    // Not by assert.equal, which would print both.
    assert.ok(provider.clientSecret.equals(clientSecret));
  });

  it('a server gives itself a client secret where none is given', async () => {
    const { provider } = await workbench.addPair('own-secret');
    assert.match(provider.clientId, /^[A-Za-z0-9]{40}$/);
    assert.ok(/^[A-Za-z0-9]{128}$/.test(provider.clientSecret.reveal()));
  });

  it('mappings and grants come back as a set, in whatever order', async () => {
    const { propertyMappings } = await workbench.references();
    const reversed = [...propertyMappings].reverse();
    const { provider } = await workbench.addPair('sets', {
      provider: {
        propertyMappings: reversed,
        grantTypes: ['refresh_token', 'authorization_code'],
      },
    });
    assert.deepEqual(new Set(provider.propertyMappings), new Set(reversed));
    assert.equal(provider.propertyMappings.length, reversed.length);
  });

  it('grant types are stored from 2026.5 on, and ignored before', async () => {
    const { provider } = await workbench.addPair('grants', {
      provider: { grantTypes: ['authorization_code', 'refresh_token'] },
    });
    assert.deepEqual(
      provider.grantTypes?.toSorted(),
      (await workbench.isAtLeast('2026.5'))
        ? ['authorization_code', 'refresh_token']
        : undefined,
    );
  });

  it('what a change does not send stays as it was', async () => {
    const { provider } = await workbench.addPair('keep-provider', {
      provider: {
        accessTokenValidity: 'minutes=7',
        subMode: 'user_email',
        issuerMode: 'per_provider',
      },
    });
    const changed = await workbench.client.updateProvider(provider.pk, {
      accessCodeValidity: 'minutes=3',
    });
    const { clientSecret, ...rest } = provider;
    const { clientSecret: keptSecret, ...kept } = changed;
    assert.ok(keptSecret.equals(clientSecret));
    assert.deepEqual(
      { ...kept, propertyMappings: kept.propertyMappings.toSorted() },
      {
        ...rest,
        accessCodeValidity: 'minutes=3',
        propertyMappings: rest.propertyMappings.toSorted(),
      },
    );
  });

  it('a new client secret counts at once, and the old one no longer', async () => {
    const { provider } = await workbench.addPair('rotate');
    const { clientId, clientSecret: former, pk } = provider;
    const clientSecret = new SecretValue('n'.repeat(64));
    await workbench.client.updateProvider(pk, { clientSecret });
    const accepts = (secret: SecretValue) =>
      workbench.probes.probeClientSecret({ clientId, clientSecret: secret });
    assert.equal(await accepts(clientSecret), true);
    assert.equal(await accepts(former), false);
  });

  it('a taken name and a taken client id are refused', async () => {
    const { provider } = await workbench.addPair('unique');
    await assert.rejects(
      workbench.client.createProvider(await workbench.providerFields('unique')),
      { name: 'ConflictError', message: /name already exists/ },
    );
    await assert.rejects(
      workbench.client.createProvider(
        await workbench.providerFields('unique-id', {
          clientId: provider.clientId,
        }),
      ),
      { name: 'ConflictError', message: /Client ID already exists/ },
    );
  });
}
