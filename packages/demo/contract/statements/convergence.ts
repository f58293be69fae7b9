import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  ensureApplication,
  type ApplicationSpec,
  type EnsureOptions,
} from 'backstage-plugin-hoop-authentik-node';
import type { ApplicationPlan } from 'backstage-plugin-hoop-authentik-node/alpha';
import { requestsDuring, writesOf } from '../control';
import type { Workbench } from '../Workbench';
import { bindingEdits, foreignEdits, fullSpec, snapshot } from './foreignEdits';

/** What ensuring does to a pair that exists; the sandbox counts the writes, any other server is believed our count. */
export function convergenceStatements(workbench: Workbench): void {
  const ensure = (spec: ApplicationSpec, options?: EnsureOptions) =>
    ensureApplication(
      workbench.client,
      spec,
      { ...workbench.context, claimedApplication: spec.slug },
      options,
    );

  /** Writes of one ensure: as it says itself, and as the server saw them. */
  const countWrites = async (spec: ApplicationSpec): Promise<number> => {
    let told = NaN;
    const run = async () => {
      told = (await ensure(spec)).writes;
    };
    const { sandbox } = workbench.target;
    if (sandbox) {
      const seen = writesOf(await requestsDuring(sandbox.controlUrl, run));
      assert.equal(seen.length, told, seen.join(', '));
    } else {
      await run();
    }
    return told;
  };

  it('ensuring twice is ensuring once: the second time writes nothing', async () => {
    const spec = await fullSpec(workbench, 'again');
    await ensure(spec);
    const before = await snapshot(workbench, spec.slug);
    assert.equal(await countWrites(spec), 0);
    assert.deepEqual(await snapshot(workbench, spec.slug), before);
  });

  it('what is not given is left as somebody else set it', async () => {
    const spec = workbench.spec('left-alone');
    await ensure(spec);
    await workbench.client.updateApplication(spec.slug, {
      metaDescription: 'mine',
      group: 'Mine',
    });
    const before = await snapshot(workbench, spec.slug);
    assert.equal(await countWrites(spec), 0);
    assert.deepEqual(await snapshot(workbench, spec.slug), before);
  });

  it('a foreign edit of any managed field is undone by one write, which touches nothing else', async t => {
    const spec = await fullSpec(workbench, 'edited');
    await ensure(spec);
    const good = await snapshot(workbench, spec.slug);
    const edits = {
      ...(await foreignEdits(workbench, spec)),
      ...(await bindingEdits(workbench, spec)),
    };
    for (const [field, edit] of Object.entries(edits)) {
      await t.test(field, async () => {
        await edit();
        assert.notDeepEqual(await snapshot(workbench, spec.slug), good);
        assert.equal(await countWrites(spec), 1);
        assert.deepEqual(await snapshot(workbench, spec.slug), good);
      });
    }
  });

  it('the order of mappings, grants and redirect URIs is no reason to write', async () => {
    const spec = await fullSpec(workbench, 'order');
    await ensure(spec);
    const { provider } = await workbench.readPair(spec.slug);
    const further = {
      matchingMode: 'strict',
      url: new URL('/further', workbench.context.redirectUri).href,
      redirectUriType: 'authorization',
    };
    await workbench.client.updateProvider(provider.pk, {
      propertyMappings: provider.propertyMappings.toReversed(),
      grantTypes: provider.grantTypes?.toReversed(),
      redirectUris: [further, ...provider.redirectUris],
    });
    assert.equal(await countWrites(spec), 0);
  });

  it('the plan is told before anything is written', async () => {
    const spec = workbench.spec('planned');
    const plans: ApplicationPlan[] = [];
    await assert.rejects(
      ensure(spec, {
        onPlan: plan => {
          plans.push(plan);
          throw new Error('stopped by the test');
        },
      }),
      { message: 'stopped by the test' },
    );
    assert.equal(await workbench.client.getApplication(spec.slug), undefined);
    const { plan } = await ensure(spec, { onPlan: told => plans.push(told) });
    assert.equal(plans.length, 2);
    assert.equal(plans[1], plan);
    assert.equal(plan.action, 'create');
  });
}
