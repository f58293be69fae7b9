import type {
  DesiredIntegration,
  FileGateway,
  ManifestReference,
} from 'backstage-plugin-hoop-authentik-node';
import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';
import type { z as Zod } from 'zod/v3';

type Z = typeof Zod;

/** The inputs that every action has. @internal */
export const gatewayInputs = {
  gateway: (z: Z) =>
    z
      .string()
      .describe(
        'Name of a gateway under hoopAuthentik.gateways in app-config. Default: the gateway in the annotation of the entity.',
      )
      .optional(),
  entityRef: (z: Z) =>
    z
      .string()
      .describe(
        'Catalog entity of the gateway, such as resource:default/hoop. Its annotations hoop.dev/gateway and goauthentik.io/application are used.',
      )
      .optional(),
  application: (z: Z) =>
    z
      .string()
      .describe(
        'Slug of the authentik application: up to 50 letters, digits, "-" and "_". Default: the annotation of the entity, else the slug configured for the gateway.',
      )
      .optional(),
};

/** Shows that the task carries out an approved request. @internal */
export const approvedRequest = (z: Z) =>
  z
    .string()
    .describe(
      'The approval of a request that the task carries out, as the portal gives it to the task it starts. It stands in for the permission to manage the gateway.',
    )
    .optional();

/** Waives the checks that an administrator can sign in. @internal */
export const allowLockout = (z: Z) =>
  z
    .boolean()
    .describe(
      'Switch the gateway even if no member of its admin group can administer it afterwards, for example because it knows its administrators by email address. Waives nothing else. Default: false.',
    )
    .optional();

/** Waives the check that an administrator has a local account. @internal */
export const allowLocalLockout = (z: Z) =>
  z
    .boolean()
    .describe(
      'Disconnect even if no administrator is known to have a local account: everyone who has signed in with OpenID is locked out of local sign-in. Waives nothing else. Default: false.',
    )
    .optional();

/** Waives the refusal to replace a provider whose client secret the gateway does not show. @internal */
export const allowSecretLoss = (z: Z) =>
  z
    .boolean()
    .describe(
      'Switch a gateway that keeps its settings itself even though the client secret of its present identity provider is lost, or would be lost if the run is cut off. Default: false.',
    )
    .optional();

/** Waives the refusal to write to managed objects. @internal */
export const allowManaged = (z: Z) =>
  z
    .boolean()
    .describe(
      'Write even if Helm, Argo CD or Flux manage the objects and may revert the change. Default: false.',
    )
    .optional();

/** Waives the refusal of a file that names another admin group. @internal */
export const allowOtherAdmins = (z: Z) =>
  z
    .boolean()
    .describe(
      'Accept that no member of the admin group is known to be able to administer the gateway afterwards, and that the file sets another ADMIN_USERNAME than app-config. Waives nothing else. Default: false.',
    )
    .optional();

/** Checks a file before anything is written anywhere. @internal */
export const planOnly = (z: Z) =>
  z
    .boolean()
    .describe(
      'Check the file and log what would change, but write nothing. An application that does not exist yet counts as one that a later step creates. Default: false.',
    )
    .optional();

/** The object to edit in a file of Kubernetes objects. @internal */
export const DOCUMENT_PATTERN =
  /^[A-Za-z][A-Za-z0-9]*\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** The outputs that several actions have. @internal */
export const outputs = {
  gateway: (z: Z) => z.string().describe('Name of the gateway.'),
  gatewayUrl: (z: Z) => z.string().describe('Public URL of the gateway.'),
  application: (z: Z) => z.string().describe('Slug of the application.'),
  applicationId: (z: Z) =>
    z.string().describe('UUID of the application in authentik.'),
  adminUrl: (z: Z) =>
    z.string().describe('Page of the application in authentik.'),
  restarted: (z: Z) =>
    z.boolean().describe('Whether the gateway was restarted.'),
  deletedApplication: (z: Z) =>
    z.boolean().describe('Whether an application was deleted.'),
  deletedProvider: (z: Z) =>
    z.boolean().describe('Whether a provider was deleted.'),
  passed: (z: Z) => z.number().describe('Number of checks that passed.'),
};

/** The outputs of the actions that edit a file. @internal */
export const fileOutputs = {
  path: (z: Z) => z.string().describe('Path of the file in the workspace.'),
  changed: (z: Z) =>
    z.boolean().describe('Whether the file was written; false in a dry run.'),
  changes: (z: Z) =>
    z
      .number()
      .describe('Number of values that changed, or would in a dry run.'),
  gateway: outputs.gateway,
  clientId: (z: Z) => z.string().describe('Client ID of the application.'),
  issuer: (z: Z) => z.string().describe('The issuer that the gateway trusts.'),
};

/** The object that an input such as `HelmRelease/hoop` names. @internal */
export function manifestOf(document: string): ManifestReference {
  const [kind, name] = document.split('/');
  return { kind, name };
}

/** What the file is held against. @internal */
export function fileGatewayOf(desired: DesiredIntegration): FileGateway {
  return {
    adminGroup: desired.gateway.adminGroup,
    redirectUri: desired.redirectUri,
  };
}

interface ExampleStep {
  id: string;
  name: string;
  if?: string;
  input: object;
}

/**
 * Examples of one action, each a template with one step.
 *
 * @internal
 */
export function examplesOf(
  action: string,
  steps: Record<string, ExampleStep>,
): TemplateExample[] {
  return Object.entries(steps).map(([description, { id, name, ...rest }]) => ({
    description,
    example: yaml.stringify({ steps: [{ id, name, action, ...rest }] }),
  }));
}
