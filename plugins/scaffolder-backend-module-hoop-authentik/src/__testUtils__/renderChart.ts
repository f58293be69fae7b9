import yaml from 'yaml';
import type { ClusterObject } from './layouts';

interface Values {
  config?: Record<string, string>;
  existingSecret?: string;
}

const ALWAYS = {
  API_KEY: '',
  API_URL: '',
  AUTH_METHOD: '',
  IDP_URI: '',
  IDP_AUDIENCE: '',
  ADMIN_USERNAME: 'admin',
  POSTGRES_DB_URI: '',
  LOG_LEVEL: '',
};

const WITH_ISSUER = {
  IDP_ISSUER: '',
  IDP_CLIENT_ID: '',
  IDP_CLIENT_SECRET: '',
  IDP_CUSTOM_SCOPES: '',
  IDP_GROUPS_CLAIM: '',
};

const REQUIRED = ['API_URL', 'IDP_CLIENT_ID', 'IDP_CLIENT_SECRET'];

/**
 * What the gateway's chart makes of `config` and `existingSecret`: its Secret, and which ones the container reads.
 *
 * @throws Error where the chart refuses to render
 * @internal
 */
export function renderChart(text: string): ClusterObject[] {
  const { config = {}, existingSecret }: Values = yaml.parse(text);
  const known = { ...ALWAYS, ...(config.IDP_ISSUER ? WITH_ISSUER : {}) };
  const stringData = Object.fromEntries(
    Object.entries(known).map(([key, otherwise]) => {
      if (REQUIRED.includes(key) && !config[key]) {
        throw new Error(`config.${key} is required`);
      }
      return [key, config[key] ?? otherwise];
    }),
  );
  const names = ['hoop-config', ...(existingSecret ? [existingSecret] : [])];
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hoop-config' },
      stringData,
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'hoopgateway' },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'hoopgateway',
                image: 'hoophq/hoop:1.148.0',
                envFrom: names.map(name => ({ secretRef: { name } })),
              },
            ],
          },
        },
      },
    },
  ];
}
