import type { SettingKey } from 'backstage-plugin-hoop-authentik-common';
import type { CallOptions, PlanLine, SecretValue, Settings } from '../core';
import type { GatewayAuthConfig } from '../systems/hoop/types';
import type { BulkReads } from '../systems/kubernetes';
import type { Patience } from './wayBack';

/**
 * One setting as the gateway would read it if it started now.
 *
 * @alpha
 */
export interface EffectiveSetting {
  value: string | SecretValue | undefined;
  /** The object the value is stored in, such as `ConfigMap "hoopgateway-idp"`; absent where nothing sets it. */
  object: string | undefined;
  /** Where exactly the value comes from, for people; absent where nothing sets it. */
  source: string | undefined;
  /** The source that overrides the value stored in our object; `undefined` where none does. */
  shadowedBy: string | undefined;
}

/**
 * What a target's gateway reads and how it runs.
 *
 * @alpha
 */
export interface TargetState {
  settings: Record<SettingKey, EffectiveSetting>;
  /** The auth method that the gateway would start with, or the reason why it would not start. */
  outcome: { method: 'local' | 'oidc' | 'saml' } | { fails: string };
  /** Other variables that override the five settings, with where they are set and what to do. */
  overrides: Array<{ key: string; source: string; remedy: string }>;
  rollout: {
    /** The cluster reports the newest revision as rolled out. */
    done: boolean;
    /** One line for people. */
    line: string;
    /** Why containers do not run, one line each. */
    problems: string[];
  };
  /** Whether the running gateway started after its settings last changed; `undefined` where nothing runs. */
  settingsInUse: boolean | undefined;
  /**
   * Why {@link TargetState.settingsInUse} is only what the times of the objects say and cannot be determined for certain, as
   * part of a sentence; a restart makes it certain. Absent where it is certain, or nothing is known against it.
   */
  settingsInUseUndetermined?: string;
  /** A switch that no run has verified: its run goes on, or was killed. Absent where there is none. */
  unverifiedSwitch?: {
    /** When it began, in ISO form; absent where its record is not readable. */
    since?: string;
    /** Why it cannot be undone, as part of a sentence; absent where it can be. */
    refusal?: string;
  };
  /** The gateway's image as its workload names it; absent where the target does not show it. */
  image?: string;
  /**
   * `API_URL` as the gateway would read it if it started now: the value with where it comes from, both `undefined` where
   * nothing sets it. Absent where the target does not show it.
   */
  apiUrl?: Pick<EffectiveSetting, 'value' | 'source'>;
  /** `ADMIN_USERNAME`, the name of the group whose members administer the gateway; likewise. */
  adminGroup?: Pick<EffectiveSetting, 'value' | 'source'>;
}

/**
 * A tool that manages an object and would undo or fight a live edit of it.
 *
 * @alpha
 */
export interface ObjectOwner {
  tool: string;
  object: string;
  detail: string;
  /** What to do instead of a live edit, as part of a sentence. */
  advice?: string;
  /** The tool may leave a live edit alone, which is then only warned of. */
  uncertain?: boolean;
  /** The tool brings values from a store, whose later changes a copy of ours would override. */
  delivers?: boolean;
  /** The object holds a reference, which the tool resolves in the container; `detail` continues the object as a sentence. */
  refers?: boolean;
}

/** @public */
export interface TargetWriteOptions extends CallOptions {
  /** Receives one line for each action and for the progress of a rollout; failures at level `error`. */
  log(line: string, level?: 'info' | 'warn' | 'error'): void;
}

/**
 * What is left to do to make a target carry the settings.
 *
 * @alpha
 */
export interface TargetPlan {
  changes: PlanLine[];
  /** Reasons not to write at all, each with its remedy; empty where the plan can be applied. */
  refusals: string[];
  /** Tools that manage the objects that would be written; they do not revert a restart. */
  owners: ObjectOwner[];
  /** Whether the gateway has to restart to read the settings. */
  restart: boolean;
  /** What cannot be restored once the plan is applied, in sentences with the remedy; absent where everything can be. */
  loss?: string;
  /**
   * Checks that {@link TargetPlan.apply} has every right it needs, for a caller that changes another system first;
   * {@link TargetPlan.apply} checks them again before its first write. Changes nothing; absent where a target has no rights
   * to check.
   *
   * @throws ServiceUnavailableError naming every right that is missing
   */
  confirmRights?(options: TargetWriteOptions): Promise<void>;
  /**
   * Writes the changes and waits for the gateway to restart. When it does not come up, the previous values are restored
   * and the gateway is restarted with them before the error is thrown.
   *
   * @throws GatewayRolloutError when the gateway did not come up with the new settings
   * @throws ConflictError when another process changed an object since it was read; nothing was overwritten then
   * @throws ServiceUnavailableError when rights are missing; nothing was written then
   */
  apply(options: TargetWriteOptions): Promise<AppliedSwitch>;
}

/**
 * A switch that was made.
 *
 * @alpha
 */
export interface AppliedSwitch {
  /** Requests that changed something. */
  writes: number;
  /** Restores the previous values and restarts the gateway with them. */
  restore(options: TargetWriteOptions): Promise<void>;
  /**
   * Cleans up objects that nothing reads any more, and what was kept for the way back; to be called once the switch is
   * verified, since there is no way back afterwards. Returns the number of requests that changed something.
   *
   * @throws ServiceUnavailableError naming what is left; running the task again cleans it up
   */
  finish(options: TargetWriteOptions): Promise<number>;
}

/** @alpha */
export interface TargetReadOptions extends CallOptions {
  /** Shares reads among many targets of one cluster; ignored by targets elsewhere. */
  bulk?: BulkReads;
}

/**
 * What a target can do and shows; plain data. Code outside the targets asks for these and never for a target's type.
 *
 * @alpha
 */
export interface TargetCapabilities {
  /** Where the settings are kept, as part of a sentence: `a Helm values file in a repository`. */
  readonly keptIn: string;
  /**
   * Reading the target shows the environment that the gateway starts with and how its workload runs. A configuration that
   * the gateway stores itself overrides that environment.
   */
  readonly showsEnvironment: boolean;
  /** The target is the configuration that the gateway stores itself: reading it gives {@link TargetReading.authConfig}. */
  readonly isStoredConfiguration: boolean;
  /** {@link SettingsTarget.restart} restarts the gateway; elsewhere it refuses and says why. */
  readonly restartsGateway: boolean;
  /** The settings are kept in a file that may hold the client secret. */
  readonly fileMayHoldSecret: boolean;
  /** How the settings get there, in one sentence. */
  readonly howToStore: string;
}

/**
 * Where a gateway reads its settings.
 *
 * @alpha
 */
export interface SettingsTarget {
  readonly capabilities: TargetCapabilities;
  /** What it is, for people: `ConfigMap and Secret hoopgateway-idp of Deployment hoop/hoopgateway`. */
  readonly description: string;
  /** How its ways back are retried; absent where nothing is special about it. */
  readonly patience?: Patience;
  /** Why nothing here reads or writes it, with what to do instead; absent where it is read and written. */
  readonly refusal?: string;
  read(options?: TargetReadOptions): Promise<TargetReading>;
  /** Restarts the gateway and waits until it runs. */
  restart(options: TargetWriteOptions): Promise<void>;
}

/**
 * A switch that its run has not verified, found by another run.
 *
 * @alpha
 */
export interface UnverifiedSwitch {
  /** When it began, in ISO form; absent where its record is not readable. */
  since?: string;
  /** Its run was to write more, so the gateway was never meant to run like this. */
  interrupted: boolean;
  /** Why it cannot be undone, as part of a sentence; absent where it can be. */
  refusal?: string;
  /**
   * Restores what was there before the switch, and waits until the gateway runs with it.
   *
   * @throws GatewayRolloutError when the gateway does not come up with its previous settings either
   * @throws ServiceUnavailableError naming what is restored and what is not, or why it cannot be undone
   */
  undo(options: TargetWriteOptions): Promise<void>;
  /**
   * Ends it, for a caller that has verified that the gateway works as it is: cleans up, and gives up the way back. Returns
   * the number of requests that changed something.
   */
  confirm(options: TargetWriteOptions): Promise<number>;
}

/**
 * A target as read at one moment; plans made from it are conditional on it.
 *
 * @alpha
 */
export interface TargetReading {
  state: TargetState;
  /** The configuration from the gateway's API, where the target is read from it. */
  authConfig?: GatewayAuthConfig;
  /** A switch that no run has verified; absent where there is none, or the target keeps no record of it. */
  unverified?: UnverifiedSwitch;
  /** Pure: compares what was read with the settings wanted. */
  plan(settings: Settings): TargetPlan;
  /** Pure: what is left to do to return the gateway to local sign-in. */
  planDisconnect(): TargetPlan;
  /**
   * Waits until the gateway runs with its current settings; changes nothing. For a caller that finds nothing to change in
   * a gateway whose rollout is not complete. Absent where a target has no rollout.
   *
   * @throws GatewayRolloutError with the reason why it does not come up
   */
  followRollout?(options: TargetWriteOptions): Promise<void>;
}
