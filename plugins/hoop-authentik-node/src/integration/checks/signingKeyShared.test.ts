import {
  DESIRED,
  failed,
  ok,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { signingKeyShared } from './signingKeyShared';

const link = DESIRED.application.adminUrl;
const used =
  (...uses: Array<[model: string, pk: string]>): CheckCase['change'] =>
  ({ authentik }) => {
    authentik.keyUses = ok(
      uses.map(([model, pk]) => ({ model, pk, name: 'x' })),
    );
  };

describe('signingKeyShared', () => {
  it.each<CheckCase>([
    { when: 'only this provider uses it', status: 'pass' },
    {
      when: 'something else than a provider uses it too',
      change: used(['oauth2provider', '4'], ['brand', '9']),
      status: 'pass',
    },
    {
      when: 'another provider uses it, for two things',
      change: used(
        ['oauth2provider', '4'],
        ['oauth2provider', '9'],
        ['oauth2provider', '9'],
      ),
      status: 'warn',
      actual: '1 other does',
      remedy: 'signingKey of the action authentik:application:ensure',
      link,
    },
    {
      when: 'two others use it',
      change: used(['oauth2provider', '8'], ['oauth2provider', '9']),
      status: 'warn',
      actual: '2 others do',
    },
    {
      when: 'there is no signing key',
      change: withProviderFields({ signingKey: undefined }),
      status: 'skipped',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'it cannot be read',
      change: ({ authentik }) => {
        authentik.keyUses = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(signingKeyShared, wanted)).toEqual([]);
  });
});
