/**
 * Stand-ins for authentik, the Kubernetes API and a Hoop gateway, run together in one process on loopback.
 *
 * Nothing exported here loads that process: tests start it as a child and talk to it over HTTP.
 *
 * @packageDocumentation
 */

export { startSandboxProcess } from './testing/startSandboxProcess';
export type {
  SandboxControl,
  SandboxProcess,
  SandboxProcessOptions,
} from './testing/startSandboxProcess';
export type { Fault } from './control/faults';
export { FAULT_KINDS, type FaultKind } from './control/faultKinds';
export type { Gate, Quota } from './kubernetes/admission';
export type { ClusterFault } from './kubernetes/clusterFaults';
export type { RecordedRequest, SandboxSystem } from './control/requestLog';
export type { PolicyRule } from './kubernetes/api/authorization';
export type { RolloutFailure } from './kubernetes/scriptedFailures';
export { sandboxEnvironment } from './sandboxEnvironment';
export type { SandboxInfo, SandboxOptions, SandboxPorts } from './sandboxTypes';
export { signIn as signInWithBrowser } from './testing/signIn';
export type { SignInResult } from './testing/signIn';
