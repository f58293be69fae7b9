import type { z as Zod } from 'zod/v3';

type Z = typeof Zod;

/** What the actions that edit a file give out. @internal */
export const fileOutputs = {
  path: (z: Z) => z.string().describe('Path of the file in the workspace.'),
  changed: (z: Z) =>
    z.boolean().describe('Whether the file was written; false in a dry run.'),
  changes: (z: Z) =>
    z
      .number()
      .describe('Number of values that changed, or would in a dry run.'),
  gateway: (z: Z) => z.string().describe('Name of the gateway.'),
  clientId: (z: Z) => z.string().describe('Client id of the application.'),
  issuer: (z: Z) => z.string().describe('The issuer the gateway is to trust.'),
};
