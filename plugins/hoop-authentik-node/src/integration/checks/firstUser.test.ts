import {
  DESIRED,
  failed,
  ok,
  withGateway,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { firstUser } from './firstUser';

const info = (setupRequired: boolean | undefined) =>
  ok({ version: '1.148.0', authMethod: 'local', setupRequired });

describe('firstUser', () => {
  it.each<CheckCase>([
    { when: 'the gateway has users', status: 'pass' },
    {
      when: 'it has none',
      change: withGateway({ info: info(true) }),
      status: 'warn',
      actual: 'the first who signs in administers it',
      remedy: 'Let the intended administrator sign in first',
      link: DESIRED.gateway.url,
    },
    {
      when: 'it is too old to tell',
      change: withGateway({ info: info(undefined) }),
      status: 'skipped',
      actual: 'before 1.59.2',
    },
    {
      when: 'it does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(firstUser, wanted)).toEqual([]);
  });
});
