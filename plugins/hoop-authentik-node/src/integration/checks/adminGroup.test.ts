import { CAPABILITIES } from '../../targets';
import { SecretValue } from '../../core';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  failed,
  goodAuthConfig,
  ok,
  withGateway,
  withoutTarget,
  withState,
} from '../__testUtils__/goodObservation';
import { adminGroup } from './adminGroup';

const source = 'key "ADMIN_USERNAME" of Secret "hoopgateway" (envFrom[0])';
const named = (value: string | SecretValue | undefined, from?: string) =>
  withState(state => {
    state.adminGroup = { value, source: from };
  });
const told = (name: string): CheckCase['change'] =>
  withGateway({ authConfig: ok(goodAuthConfig({ admin_role_name: name })) });

describe('adminGroup', () => {
  it.each<CheckCase>([
    {
      when: 'the environment names none, which means admin',
      change: named(undefined),
      status: 'pass',
      actual: '"admin", the default of ADMIN_USERNAME',
    },
    {
      when: 'an empty name means admin',
      change: named('', source),
      status: 'pass',
    },
    {
      when: 'both name the same',
      change: named(new SecretValue('admin'), source),
      status: 'pass',
      actual: source,
    },
    {
      when: 'the environment names another',
      change: named('owners', source),
      status: 'fail',
      expected: '"admin", the adminGroup of the gateway in app-config',
      actual: `"owners", ADMIN_USERNAME set by ${source}`,
      remedy: 'in app-config to "owners"',
    },
    {
      when: 'the names differ in case alone',
      change: named('Admin', source),
      status: 'fail',
    },
    {
      when: 'a Secret names another, which is not shown',
      change: named(new SecretValue('owners'), source),
      status: 'fail',
      actual: /^another name, /,
      remedy: /^(?!.*owners)/,
    },
    {
      when: 'a stored name wins over the environment',
      change: told('owners'),
      status: 'fail',
      actual: '"owners", as its API tells',
    },
    {
      when: 'the API tells the same',
      change: told('admin'),
      status: 'pass',
    },
    {
      when: 'the API cannot be asked, the environment tells',
      change: withGateway({ authConfig: failed() }),
      status: 'pass',
    },
    {
      when: 'only the container knows it',
      change: named(undefined, 'fieldRef metadata.name'),
      status: 'skipped',
      actual: 'fieldRef metadata.name',
    },
    {
      when: 'the settings are kept in a file',
      change: observed => {
        observed.targetCapabilities = CAPABILITIES.envFile;
      },
      status: 'skipped',
    },
    {
      when: 'the cluster is out of reach',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(adminGroup, wanted)).toEqual([]);
  });
});
