import { handOverIn } from './handOver';

/** The server that the suite runs on. */
export interface ContractTarget {
  /** Such as `sandbox authentik 2026.8.0-rc1`. */
  name: string;
  url: string;
  /** On the sandbox that of the service account with the least privilege. */
  token: string;
  /** What only the sandbox has. */
  sandbox?: { controlUrl: string; noPermissionsToken: string };
}

export const { handOver, takeOver } = handOverIn<ContractTarget>(
  'AUTHENTIK_CONTRACT_TARGET',
);
