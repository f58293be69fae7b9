import { z } from 'zod';

/**
 * The parts of `meta/v1 Status` that we use; its texts are the server's.
 *
 * @internal
 */
export interface KubernetesStatus {
  code: number;
  reason: string;
  message: string;
  causes: Array<{ reason: string; message: string; field: string }>;
}

const statusSchema = z.object({
  kind: z.literal('Status'),
  code: z.number().int().min(100).max(599).optional().catch(undefined),
  reason: z.string().nullish().catch(undefined),
  message: z.string().nullish().catch(undefined),
  details: z
    .object({
      causes: z.array(
        z.object({
          reason: z.string().nullish(),
          message: z.string().nullish(),
          field: z.string().nullish(),
        }),
      ),
    })
    .nullish()
    .catch(undefined),
});

/**
 * Reads a Status object; `undefined` where a proxy or another server answered with HTML, text or other JSON.
 *
 * @internal
 */
export function decodeStatus(
  body: unknown,
  httpStatus: number,
): KubernetesStatus | undefined {
  const parsed = statusSchema.safeParse(body);
  if (!parsed.success) {
    return undefined;
  }
  const { code, reason, message, details } = parsed.data;
  return {
    code: code ?? httpStatus,
    reason: reason ?? '',
    message: message ?? '',
    causes: (details?.causes ?? []).map(cause => ({
      reason: cause.reason ?? '',
      message: cause.message ?? '',
      field: cause.field ?? '',
    })),
  };
}
