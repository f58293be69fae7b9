import { handOverIn } from '../handOver';

/** The gateway that the suite runs on. */
export interface GatewayTarget {
  name: string;
  url: string;
  /** Key of an administrator or auditor; without one the statements that need it are left out. */
  apiKey?: string;
}

export const { handOver, takeOver } = handOverIn<GatewayTarget>(
  'GATEWAY_CONTRACT_TARGET',
);
