import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import { withFailure, withRemedy } from '../core';
import { KubernetesForbiddenError } from '../systems/kubernetes';
import {
  AuthentikPermissionError,
  AuthentikServerError,
} from '../systems/authentik';
import { GatewayKeyRefusedError } from '../systems/hoop';
import {
  all,
  DESIRED,
  goodObservation,
  withAuthentik,
  withGateway,
  withState,
  type Change,
} from './__testUtils__/goodObservation';
import {
  AUTHENTIK_FACTS,
  authentikFails,
  gatewayFails,
  targetFails,
} from './__testUtils__/failures';
import type { AddedCheck } from './checks';
import { forReaders } from './forReaders';
import { integrationReport } from './report';

/** In everything that names a cluster, an object in it or a file. */
const NAME = 'prod-eu-1';

const CONFIGURED = {
  gateway: {
    name: 'prod',
    url: DESIRED.gateway.url,
    target: { type: 'kubernetes' },
  } as GatewayConfig,
  authentik: { name: 'default' } as AuthentikInstanceConfig,
};

const nosy: AddedCheck = {
  id: 'gateway.x-nosy',
  system: 'gateway',
  title: 'Shows all it is given',
  why: 'It can.',
  remedy: 'None.',
  run: (input: object) => ({
    status: 'warn',
    expected: 'x',
    actual: JSON.stringify(input, (_, value) =>
      value instanceof Error ? { ...value, message: value.message } : value,
    ),
    remedy: 'x',
  }),
};

function reports(change: Change): Record<'managers' | 'readers', Integration> {
  const observed = goodObservation();
  change(observed);
  const report = (found: typeof observed) =>
    integrationReport('resource:default/hoop', CONFIGURED, DESIRED, found, [
      nosy,
    ]);
  return { managers: report(observed), readers: report(forReaders(observed)) };
}

const place = `Secret "${NAME}" in /etc/${NAME}/kubeconfig`;

const named = withState(state => {
  for (const setting of Object.values(state.settings)) {
    setting.object = place;
    setting.source = place;
  }
  state.apiUrl = { value: 'https://other.company', source: place };
  state.adminGroup = { value: 'owners', source: place };
  state.rollout.line = `1 of 2 updated; ReplicaSet "${NAME}" does not progress`;
});

const STATES: Array<[string, Change]> = [
  ['settings in named objects', named],
  [
    'settings that others override',
    withState(state => {
      state.settings.IDP_ISSUER.shadowedBy = place;
      state.settings.IDP_ISSUER.source = place;
      state.overrides = [
        { key: 'IDP_URI', source: place, remedy: 'Remove it.' },
      ];
    }),
  ],
  [
    'containers that end',
    withState(state => {
      state.rollout = { done: false, line: place, problems: [`pod "${NAME}"`] };
    }),
  ],
  [
    'a gateway that is down',
    all(
      withState(state => {
        state.rollout = {
          done: false,
          line: place,
          problems: [`pod "${NAME}"`],
        };
        state.settingsInUse = undefined;
      }),
      withGateway({ info: { ok: false, error: new Error(place) } }),
    ),
  ],
  [
    'times that prove nothing',
    withState(state => {
      state.settingsInUseUndetermined = place;
    }),
  ],
  [
    'variables that only the container knows',
    withState(state => {
      state.apiUrl = { value: undefined, source: place };
      state.adminGroup = { value: undefined, source: place };
    }),
  ],
];

const withCause = (error: Error) => Object.assign(error, { cause: error });

const ERRORS: Array<[string, () => Error]> = [
  ['a plain error', () => withCause(new Error(place))],
  [
    'a refused right',
    () =>
      new KubernetesForbiddenError(`cannot get ${place}`, {
        verb: 'get',
        resource: 'secrets',
        namespace: NAME,
      }),
  ],
  ...(
    [
      'unreachable',
      'credentials-refused',
      'overloaded',
      'server-error',
      'unexpected-answer',
    ] as const
  ).map((kind): [string, () => Error] => [
    kind,
    () =>
      withRemedy(
        withFailure(new Error(`${place} Look at ${NAME}.`), {
          kind,
          code: 'ECONNREFUSED',
        }),
        `Look at ${NAME}.`,
      ),
  ]),
  [
    'an object that is not there',
    () => Object.assign(new Error(place), { name: 'NotFoundError' }),
  ],
  ['a missing permission', () => new AuthentikPermissionError(place)],
  ['an error of authentik', () => new AuthentikServerError(place)],
  ['a refused key', () => new GatewayKeyRefusedError(place)],
];

const FAILURES = ERRORS.flatMap(([what, error]): Array<[string, Change]> => {
  const failure = () => ({ ok: false as const, error: error() });
  return [
    [`${what} from the cluster`, targetFails(failure())],
    [`${what} from the gateway`, gatewayFails(failure())],
    [`${what} from authentik`, authentikFails(failure())],
    ...AUTHENTIK_FACTS.map((fact): [string, Change] => [
      `${what} from authentik over ${fact}`,
      withAuthentik({ [fact]: failure() }),
    ]),
  ];
});

/** What is found, without the words for it. */
const verdictOf = ({ state, problems, checks }: Integration) => ({
  state,
  problems: problems.map(({ id, severity, fix }) => ({ id, severity, fix })),
  checks: checks.map(({ id, status, cause, fix }) => ({
    id,
    status,
    cause,
    fix,
  })),
});

describe('forReaders', () => {
  it.each([...STATES, ...FAILURES])(
    'should find the same without names, words or paths: %s',
    (_, change) => {
      const { managers, readers } = reports(change);
      expect(JSON.stringify(managers)).toContain(NAME);
      expect(JSON.stringify(readers)).not.toContain(NAME);
      expect(verdictOf(readers)).toEqual(verdictOf(managers));
      for (const { remedy, title } of readers.problems) {
        expect(`${title}: ${remedy}`).toMatch(/\S: \S/);
      }
    },
  );

  it('should leave nothing out where nothing is named', () => {
    const { managers, readers } = reports(() => {});
    expect(verdictOf(readers)).toEqual(verdictOf(managers));
    expect(readers.application).toEqual(managers.application);
  });
});
