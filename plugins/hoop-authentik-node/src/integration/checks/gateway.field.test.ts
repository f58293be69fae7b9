import { faultsOf } from '../__testUtils__/faultsOf';
import { GATEWAY_URL, withState } from '../__testUtils__/goodObservation';
import { apiUrl } from './gateway';

const withUrl = (value: string) =>
  withState(state => {
    state.apiUrl = { value, source: 'the container itself' };
  });

describe('API_URL in another spelling', () => {
  it.each([
    ['https://HOOP.company', 'https://HOOP.company'],
    ['https://hoop.company:443', 'https://hoop.company:443'],
    ['https://hoop.company:443/', 'https://hoop.company:443'],
    ['https://hoop.company.', 'https://hoop.company.'],
    ['https://ｈoop.company', 'https://ｈoop.company'],
    ['https://me:hush@HOOP.company', 'https://HOOP.company'],
  ])('should fail for %s, which authentik refuses', (value, shown) => {
    expect(
      faultsOf(apiUrl, {
        when: 'it is spelled differently',
        change: withUrl(value),
        status: 'fail',
        actual: `${shown}, set by the container itself`,
        remedy: 'compares the redirect URI byte for byte',
      }),
    ).toEqual([]);
  });

  it.each([GATEWAY_URL, `${GATEWAY_URL}/`, 'HTTPS://hoop.company'])(
    'should pass for %s',
    value => {
      expect(
        faultsOf(apiUrl, {
          when: 'the redirect URI is the same',
          change: withUrl(value),
          status: 'pass',
        }),
      ).toEqual([]);
    },
  );
});
