import type { KubernetesTargetConfig } from '../../../config/types';
import { FakeKubernetesClient } from './FakeKubernetesClient';
import {
  configMapOf,
  madeFor,
  OWN_REFERENCES,
  PLAIN_DATA,
  SECRET_DATA,
  secretOf,
} from './gatewayObjects';

const FOREIGN = { POSTGRES_DB_URI: 'postgres://db' };
const ALL = { ...PLAIN_DATA, ...SECRET_DATA };

const KEY_NAMES = {
  IDP_CLIENT_ID: 'clientId',
  IDP_CLIENT_SECRET: 'clientSecret',
};

/** A container that reads two settings by `valueFrom`, under other keys. */
export const BY_OTHER_KEYS = {
  envFrom: [OWN_REFERENCES[0]],
  env: [
    {
      name: 'IDP_CLIENT_ID',
      valueFrom: {
        configMapKeyRef: { name: 'hoopgateway-idp', key: 'clientId' },
      },
    },
    {
      name: 'IDP_CLIENT_SECRET',
      valueFrom: {
        secretKeyRef: { name: 'hoopgateway-idp', key: 'clientSecret' },
      },
    },
  ],
};

/** A way to lay the settings out, with a cluster that has it. */
export type LayoutCase = [
  name: string,
  config: Partial<KubernetesTargetConfig>,
  before: () => FakeKubernetesClient,
];

const cluster =
  (...parameters: ConstructorParameters<typeof FakeKubernetesClient>) =>
  () =>
    new FakeKubernetesClient(...structuredClone(parameters));

export const TO_SWITCH: LayoutCase[] = [
  [
    'keys of other names, read one by one, empty',
    { keyNames: KEY_NAMES },
    cluster(BY_OTHER_KEYS, [
      configMapOf({ clientId: '', LOG_LEVEL: 'info' }),
      secretOf({ clientSecret: '', ...FOREIGN }),
    ]),
  ],
  [
    'keys of other names with the settings of another application',
    { keyNames: KEY_NAMES },
    cluster(BY_OTHER_KEYS, [
      configMapOf({
        AUTH_METHOD: 'oidc',
        IDP_GROUPS_CLAIM: 'groups',
        IDP_ISSUER: 'https://old/',
        clientId: 'old-id',
      }),
      secretOf({ clientSecret: 'old-secret', ...FOREIGN }),
    ]),
  ],
  ['no object yet', {}, cluster()],
  ['one Secret, not there yet', { settingsIn: 'secret' }, cluster()],
  ['one ConfigMap, not there yet', { clientSecretIn: 'configMap' }, cluster()],
  [
    'both objects read already, without settings',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ LOG_LEVEL: 'info' }),
      secretOf(FOREIGN),
    ]),
  ],
  [
    'both objects read already, with local sign-in',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ AUTH_METHOD: 'local', LOG_LEVEL: 'info' }),
      secretOf(FOREIGN),
    ]),
  ],
  [
    'both objects with the settings of another application',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, IDP_ISSUER: 'https://old/' }),
      secretOf({ IDP_CLIENT_SECRET: 'old-secret', ...FOREIGN }),
    ]),
  ],
  [
    'the ConfigMap alone read already',
    {},
    cluster({ envFrom: [OWN_REFERENCES[0]] }, [configMapOf({})]),
  ],
  [
    'the secret still in the ConfigMap',
    {},
    cluster({ envFrom: [OWN_REFERENCES[0]] }, [configMapOf(ALL)]),
  ],
  [
    'an immutable Secret',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      {
        ...secretOf({ IDP_CLIENT_SECRET: 'old-secret', ...FOREIGN }),
        immutable: true,
      },
    ]),
  ],
  [
    'an immutable Secret, the next name taken by another gateway',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      {
        ...secretOf({ IDP_CLIENT_SECRET: 'old-secret', ...FOREIGN }),
        immutable: true,
      },
      secretOf({ IDP_CLIENT_SECRET: 'theirs' }, 'hoopgateway-idp-2'),
    ]),
  ],
];

export const TO_DISCONNECT: LayoutCase[] = [
  [
    'keys of other names, read one by one',
    { keyNames: KEY_NAMES },
    cluster(BY_OTHER_KEYS, [
      configMapOf({
        ...PLAIN_DATA,
        IDP_CLIENT_ID: 'not read',
        clientId: 'the-client-id',
      }),
      secretOf({ clientSecret: SECRET_DATA.IDP_CLIENT_SECRET, ...FOREIGN }),
    ]),
  ],
  [
    'both objects of ours',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      secretOf(SECRET_DATA),
    ]),
  ],
  [
    'one Secret',
    { settingsIn: 'secret' },
    cluster({ envFrom: [OWN_REFERENCES[1]] }, [secretOf(ALL)]),
  ],
  [
    'other variables in both objects',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, LOG_LEVEL: 'info' }),
      secretOf({ ...SECRET_DATA, ...FOREIGN }),
    ]),
  ],
  [
    'other variables in the Secret alone',
    {},
    cluster({ envFrom: OWN_REFERENCES }, [
      configMapOf(PLAIN_DATA),
      secretOf({ ...SECRET_DATA, ...FOREIGN }),
    ]),
  ],
];

const FOUND: Partial<KubernetesTargetConfig> = {
  configMap: undefined,
  secret: undefined,
};
const FOUND_REFERENCES = [
  { configMapRef: { name: 'hoop-env' } },
  { secretRef: { name: 'hoop-secrets' } },
];

/** Gateways whose objects are found by the settings in them: without the reference, nothing leads to them. */
export const FOUND_TO_DISCONNECT: LayoutCase[] = [
  [
    'both objects',
    FOUND,
    cluster({ envFrom: FOUND_REFERENCES }, [
      configMapOf(PLAIN_DATA, 'hoop-env'),
      secretOf(SECRET_DATA, 'hoop-secrets'),
    ]),
  ],
  [
    'one Secret',
    { ...FOUND, settingsIn: 'secret' },
    cluster({ envFrom: [FOUND_REFERENCES[1]] }, [
      secretOf(ALL, 'hoop-secrets'),
    ]),
  ],
  [
    'one ConfigMap',
    { ...FOUND, clientSecretIn: 'configMap' },
    cluster({ envFrom: [FOUND_REFERENCES[0]] }, [configMapOf(ALL, 'hoop-env')]),
  ],
  [
    'other variables in both',
    FOUND,
    cluster({ envFrom: FOUND_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, LOG_LEVEL: 'info' }, 'hoop-env'),
      secretOf({ ...SECRET_DATA, ...FOREIGN }, 'hoop-secrets'),
    ]),
  ],
  [
    'other variables in the ConfigMap alone',
    FOUND,
    cluster({ envFrom: FOUND_REFERENCES }, [
      configMapOf({ ...PLAIN_DATA, LOG_LEVEL: 'info' }, 'hoop-env'),
      secretOf(SECRET_DATA, 'hoop-secrets'),
    ]),
  ],
  [
    'other variables in the Secret alone',
    FOUND,
    cluster({ envFrom: FOUND_REFERENCES }, [
      configMapOf(PLAIN_DATA, 'hoop-env'),
      secretOf({ ...SECRET_DATA, ...FOREIGN }, 'hoop-secrets'),
    ]),
  ],
  [
    'what has taken the place of an immutable Secret',
    { configMap: 'hoop-env', secret: 'hoop-secrets' },
    cluster(
      {
        envFrom: [
          FOUND_REFERENCES[0],
          { secretRef: { name: 'hoop-secrets-2' } },
        ],
      },
      [
        configMapOf(PLAIN_DATA, 'hoop-env'),
        { ...secretOf({}, 'hoop-secrets'), immutable: true },
        madeFor('hoopgateway', secretOf(SECRET_DATA, 'hoop-secrets-2')),
      ],
    ),
  ],
];
