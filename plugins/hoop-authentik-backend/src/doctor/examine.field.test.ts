import { NotFoundError } from '@backstage/errors';
import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { examine } from './examine';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

const gateway = (name: string, more: JsonObject = {}) => ({
  name,
  url: NOWHERE,
  target: { type: 'envFile' },
  ...more,
});

async function verdicts(gateways: JsonObject[], asked: string[] = []) {
  const service = DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [{ baseUrl: NOWHERE, token: 'the-token' }],
        gateways,
      },
    }) as unknown as ReturnType<typeof mockServices.rootConfig>,
    tolerant: true,
  });
  try {
    const reports = await examine(service, asked, { signIn: false });
    return reports.map(({ name, verdict, error }) => [name, verdict, error]);
  } finally {
    await service.close();
  }
}

describe('a mistyped gateway beside others', () => {
  it.each([
    [
      'its URL',
      { url: 'https://hoop.company/gw' },
      'hoopAuthentik.gateways[1].url must be an origin',
    ],
    [
      'its target',
      { target: { type: 'docker' } },
      'hoopAuthentik.gateways[1].target.type must be',
    ],
    [
      'its authentik',
      { authentik: 'other' },
      'hoopAuthentik.gateways[1].authentik must name one of',
    ],
  ])(
    'should be reported for %s, and the others checked',
    async (_, more, why) => {
      expect(
        await verdicts([gateway('a'), gateway('b', more), gateway('c')]),
      ).toEqual([
        ['a', 'unreachable', undefined],
        ['c', 'unreachable', undefined],
        ['b', 'misconfigured', expect.stringContaining(why)],
      ]);
    },
  );

  it('should be named by its place where its name is missing', async () => {
    expect(
      await verdicts([gateway('a'), { ...gateway('b'), name: undefined }]),
    ).toEqual([
      ['a', 'unreachable', undefined],
      ['gateways[1]', 'misconfigured', expect.stringContaining('name')],
    ]);
  });

  it('should be reported where the command line has it, and the others checked', async () => {
    expect(await verdicts([gateway('prod')], ['prod', 'prdo'])).toEqual([
      ['prod', 'unreachable', undefined],
      [
        'prdo',
        'misconfigured',
        expect.stringContaining('Did you mean "prod"?'),
      ],
    ]);
  });

  it('should be refused where the command line has no other', async () => {
    await expect(verdicts([gateway('prod')], ['prdo', 'x'])).rejects.toThrow(
      NotFoundError,
    );
  });
});
