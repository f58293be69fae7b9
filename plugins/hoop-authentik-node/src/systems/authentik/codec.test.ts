import { z } from 'zod';
import { SecretValue } from '../../core';
import {
  apiObject,
  encode,
  optional,
  optionalText,
  secretText,
  text,
} from './codec';

const shape = {
  name: text,
  metaLaunchUrl: optionalText,
  clientSecret: secretText,
  redirectUris: z.array(apiObject({ matchingMode: z.string() })),
  openInNewTab: z.boolean().default(true),
  grantTypes: optional(z.array(z.string())),
};
const schema = apiObject(shape);

describe('apiObject', () => {
  it('should read members as the server spells them and ignore unknown ones', () => {
    const read = schema.parse({
      name: 'Hoop',
      meta_launch_url: 'https://hoop.company',
      client_secret: 'the-secret',
      redirect_uris: [{ matching_mode: 'strict', more: 1 }],
      open_in_new_tab: false,
      grant_types: ['authorization_code'],
      metaLaunchUrl: 'https://else.company',
      more: { x: 1 },
    });
    expect(read).toEqual({
      name: 'Hoop',
      metaLaunchUrl: 'https://hoop.company',
      clientSecret: expect.any(SecretValue),
      redirectUris: [{ matchingMode: 'strict' }],
      openInNewTab: false,
      grantTypes: ['authorization_code'],
    });
    expect(read.clientSecret.reveal()).toBe('the-secret');
    expect(JSON.stringify(read)).not.toContain('the-secret');
  });

  it.each([
    ['omits', {}],
    ['answers as null', { name: null, meta_launch_url: null }],
  ])('should accept optional members that the server %s', (_, members) => {
    expect(
      schema.parse({ client_secret: 'x', redirect_uris: [], ...members }),
    ).toEqual({
      name: '',
      metaLaunchUrl: undefined,
      clientSecret: expect.any(SecretValue),
      redirectUris: [],
      openInNewTab: true,
      grantTypes: undefined,
    });
  });

  it('should name wrong members as the server spells them', () => {
    const { error } = schema.safeParse({
      redirect_uris: [{ matching_mode: 5 }],
    });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'client_secret',
      'redirect_uris.0.matching_mode',
    ]);
  });
});

describe('encode', () => {
  it('should send nothing that is not given or not in the shape', () => {
    const fields = { name: undefined, pk: 5 };
    expect(encode(shape, {})).toEqual({});
    expect(Object.keys(encode(shape, fields))).toEqual([]);
  });

  it('should send an empty text, null and false, which are given', () => {
    expect(
      encode(shape, { name: '', metaLaunchUrl: null, openInNewTab: false }),
    ).toEqual({ name: '', meta_launch_url: null, open_in_new_tab: false });
  });

  it('should send secrets in clear and nested members as the server spells them', () => {
    expect(
      encode(shape, {
        clientSecret: new SecretValue('the-secret'),
        redirectUris: [{ matchingMode: 'strict' }],
        grantTypes: ['authorization_code'],
      }),
    ).toEqual({
      client_secret: 'the-secret',
      redirect_uris: [{ matching_mode: 'strict' }],
      grant_types: ['authorization_code'],
    });
  });
});
