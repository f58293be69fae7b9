/** What one phase asks of authentik. */
export interface Figures {
  requests: number;
  writes: number;
  depth?: number;
  /** On an idle authentik 2026.8 with 280 providers. */
  seconds?: number;
}

/** OpenTofu with the Terraform provider of authentik, measured on a real server; its pairs share one signing key. */
export const TERRAFORM = {
  'create, two bindings': { requests: 16, writes: 4, depth: 9, seconds: 2.7 },
  again: { requests: 11, writes: 0, seconds: 1 },
  'one group changed': { requests: 14, writes: 1, seconds: 1.7 },
  destroy: { requests: 17, writes: 4, seconds: 2.3 },
  '20 created': { requests: 320, writes: 80, seconds: 26.5 },
  '20 again': { requests: 87, writes: 0, seconds: 5.7 },
  '20 changed': { requests: 128, writes: 20, seconds: 10.8 },
  '100 again': { requests: 407, writes: 0 },
} satisfies Record<string, Figures>;

export type Phase = keyof typeof TERRAFORM;

/** What was promised; the certificate of its own and the join are two writes that Terraform does not make. */
export const LIMITS: Record<Phase, Figures> = {
  'create, two bindings': { requests: 13, writes: 6, depth: 4 },
  again: { requests: 8, writes: 0 },
  'one group changed': { requests: 10, writes: 2 },
  destroy: { requests: 6, writes: 3 },
  '20 created': { requests: 260, writes: 120 },
  '20 again': { requests: 60, writes: 0 },
  '20 changed': { requests: 110, writes: 40 },
  '100 again': { requests: 210, writes: 0 },
};
