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

/** Hands the target to the process of the test runner. */
const VARIABLE = 'AUTHENTIK_CONTRACT_TARGET';

export function handOver(target: ContractTarget): void {
  process.env[VARIABLE] = JSON.stringify(target);
}

export function takeOver(): ContractTarget {
  const given = process.env[VARIABLE];
  if (!given) {
    throw new Error('Run contract/authentik.ts, which says what to run on.');
  }
  return JSON.parse(given);
}
