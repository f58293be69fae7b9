import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Workbench } from '../Workbench';

const NOBODY = '00000000-0000-4000-8000-000000000000';

export function refusalStatements(workbench: Workbench): void {
  it('an object that does not exist is 404 with a detail in JSON', async () => {
    for (const path of [
      `core/applications/${workbench.name('nothing')}/`,
      'providers/oauth2/2147483000/',
      `policies/bindings/${NOBODY}/`,
    ]) {
      const answer = await workbench.raw('GET', path);
      assert.equal(answer.status, 404, path);
      assert.match(answer.contentType, /^application\/json/);
      assert.match(JSON.parse(answer.text).detail, /^No \w+ matches/);
    }
  });

  it('a URL that does not exist is 404 too, but not in JSON', async () => {
    for (const path of [
      'core/no-such-endpoint/',
      // The slash at the end is part of the URL.
      `core/applications/${workbench.name('nothing')}`,
    ]) {
      const answer = await workbench.raw('GET', path);
      assert.equal(answer.status, 404, path);
      assert.doesNotMatch(answer.contentType, /json/);
    }
  });

  it('a write to a URL that does not exist is 405 without a reason', async () => {
    const answer = await workbench.raw('POST', 'core/no-such-endpoint/', {
      body: {},
    });
    assert.equal(answer.status, 405);
    assert.doesNotMatch(answer.contentType, /json/);
  });

  it('a second deletion finds nothing, and that is no error', async () => {
    const { application, provider } = await workbench.addPair('twice');
    const { client } = workbench;
    assert.equal(await client.deleteApplication(application.slug), true);
    assert.equal(await client.deleteApplication(application.slug), false);
    assert.equal(await client.deleteProvider(provider.pk), true);
    assert.equal(await client.deleteProvider(provider.pk), false);
  });

  it('an invalid value is refused with the field it is about', async () => {
    const { application } = await workbench.addPair('invalid');
    await assert.rejects(
      workbench.client.updateApplication(application.slug, {
        metaLaunchUrl: 'no url',
      }),
      { name: 'InputError', message: /meta_launch_url: Enter a valid URL/ },
    );
  });
}
