import { z } from 'zod';
import { execSchema } from './execCredential';

/** The fields of a cluster (v1.Config of client-go) that define access to it. @internal */
export const clusterSchema = z.object({
  server: z.string().optional(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

/** @internal */
export const userSchema = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  exec: execSchema.optional(),
});

/** @internal */
export type KubeconfigCluster = z.infer<typeof clusterSchema>;
/** @internal */
export type KubeconfigUser = z.infer<typeof userSchema>;
