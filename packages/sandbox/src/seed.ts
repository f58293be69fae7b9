import { GatewayDatabase } from './gateway/database';
import { Kubernetes } from './kubernetes';

/** @internal */
export const namespace = 'hoop';
/** @internal */
export const deployment = 'hoopgateway';
/** @internal */
export const gatewayImage = 'hoophq/hoop:1.148.0';

/** The local administrator who exists before anybody signs in through authentik. @internal */
export const gatewayAdmin = {
  email: 'admin@company.example',
  password: 'admin-demo-password',
};

/** @internal */
export const authentikUsers = [
  {
    username: 'jane',
    password: 'jane-demo-password',
    groups: ['engineering', 'admin'],
  },
  { username: 'bob', password: 'bob-demo-password', groups: ['finance'] },
];

/** @internal */
export function seedDatabase(apiKey: string): GatewayDatabase {
  const database = new GatewayDatabase();
  database.addUser({
    subject: gatewayAdmin.email,
    email: gatewayAdmin.email,
    name: 'Gateway administrator',
    status: 'active',
    verified: true,
    groups: ['admin'],
    password: gatewayAdmin.password,
  });
  database.addApiKey('break-glass', ['admin'], apiKey);
  return database;
}

/** A hand-written deployment of the gateway, as an installation without the Helm chart has it. @internal */
export function seedCluster(kubernetes: Kubernetes, gatewayUrl: string): void {
  for (const name of ['default', namespace]) {
    kubernetes.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }
  kubernetes.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'hoopgateway', namespace },
    data: {
      API_URL: gatewayUrl,
      AUTH_METHOD: 'local',
      ADMIN_USERNAME: 'admin',
      POSTGRES_DB_URI:
        'postgres://hoop:not-a-database@postgres.sandbox.invalid:5432/hoop',
    },
  });
  const labels = { app: deployment };
  kubernetes.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: deployment, namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'hoopgateway',
              image: gatewayImage,
              args: ['hoop', 'start', 'gateway'],
              ports: [
                { name: 'api', containerPort: 8009 },
                { name: 'grpc', containerPort: 8010 },
              ],
              envFrom: [{ configMapRef: { name: 'hoopgateway' } }],
              // Puts the reason of a failed boot where it can be read without access to pod logs.
              terminationMessagePolicy: 'FallbackToLogsOnError',
            },
          ],
        },
      },
    },
  });
}
