import { randomUUID } from 'node:crypto';
import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import type { ConfigMap, Container, Secret } from '../../../systems/kubernetes';
import {
  afterStep,
  editsInPlace,
  surroundingsOf,
  type ObjectChange,
} from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import { versionsText } from '../read/inUse';
import {
  composeEnvironment,
  dataOf,
  refersTo,
  type ObjectData,
  type ObjectRef,
  type Snapshot,
} from '../read/objects';
import {
  markText,
  othersOf,
  templatePartOf,
  type PreviousValues,
  type SwitchMark,
  type TemplatePart,
} from '../read/switchRecord';
import { unverifiedIn } from '../read/unverified';
import type { TemplateWrite } from './deploymentWrites';
import { objectWriteOf } from './objectWrites';

/**
 * What a switch records of itself, so that a later run can undo it.
 *
 * @internal
 */
export class SwitchRecord {
  readonly #plan: SwitchPlan;
  readonly #snapshot: Snapshot;
  readonly #common: Pick<
    PreviousValues,
    'id' | 'since' | 'container' | 'others' | 'before'
  >;
  readonly #written = new Map<string, ConfigMap | Secret>();
  readonly #made: ObjectChange[] = [];

  constructor(snapshot: Snapshot, plan: SwitchPlan, since: Date) {
    const { name } = snapshot.container;
    this.#plan = plan;
    this.#snapshot = snapshot;
    this.#common = {
      id: randomUUID(),
      since: since.toISOString(),
      container: name,
      others: othersOf(snapshot.deployment, name),
      before: templatePartOf(snapshot.deployment, name),
    };
  }

  get before(): TemplatePart {
    return this.#common.before;
  }

  /** Whether the previous values have to be kept, since the switch edits objects in place. */
  get keepsValues(): boolean {
    return this.#plan.steps.some(
      step => step.type === 'object' && editsInPlace(step.change),
    );
  }

  /** Everything that undoing the objects needs. Holds secrets. */
  previousValues(): PreviousValues {
    return {
      ...this.#common,
      steps: this.#plan.steps.map(step => {
        if (step.type === 'references') {
          return { type: 'references' };
        }
        const { kind, name, isNew, before, written } = objectWriteOf(
          step.change,
        );
        return { type: 'object', kind, name, isNew, before, written };
      }),
    };
  }

  /** The object as this switch has written it; `undefined` where it has not. */
  latest(ref: ObjectRef): ConfigMap | Secret | undefined {
    return this.#written.get(keyOf(ref));
  }

  note(change: ObjectChange, written: ConfigMap | Secret): void {
    this.#written.set(keyOf(change), written);
    if (!editsInPlace(change)) {
      this.#made.push(change);
    }
  }

  /**
   * What the next write of the Deployment says about the switch.
   *
   * @param envFrom - what the container reads from then on
   * @param complete - no write is to follow
   */
  templateWrite(
    envFrom: TemplatePart['envFrom'],
    complete: boolean,
  ): { write: TemplateWrite & { restartedAt: string }; mark: SwitchMark } {
    const restartedAt = new Date().toISOString();
    const versionsRead = this.#versionsRead(envFrom, restartedAt);
    const mark: SwitchMark = {
      ...this.#common,
      after: { restartedAt, versionsRead, envFrom },
      complete,
      previousValues: this.keepsValues,
      made: this.#made.map(keysOf),
      leftovers: this.#plan.leftovers.map(keysOf),
    };
    return { write: { restartedAt, versionsRead, mark: markText(mark) }, mark };
  }

  /** With the versions that this switch has written; none of a gateway whose settings come from no object. */
  #versionsRead(
    envFrom: TemplatePart['envFrom'],
    restartedAt: string,
  ): string | null {
    const { container, data } = this.#plan.steps.reduce(
      afterStep,
      surroundingsOf(this.#snapshot),
    );
    return readsSettings({ ...container, envFrom }, data)
      ? versionsText(
          objectsReadBy(this.#snapshot, envFrom, [...this.#written.values()]),
          restartedAt,
        )
      : null;
  }
}

/** What a restart says of the objects that the gateway reads from then on. @internal */
export function restartWrite(
  snapshot: Snapshot,
): TemplateWrite & { restartedAt: string } {
  const restartedAt = new Date().toISOString();
  const { envFrom = [] } = snapshot.container;
  const versionsRead = readsSettings(snapshot.container, dataOf(snapshot))
    ? versionsText(objectsReadBy(snapshot, envFrom), restartedAt)
    : undefined;
  const { mark, shown } = unverifiedIn(snapshot) ?? {};
  return {
    restartedAt,
    ...(versionsRead ? { versionsRead } : {}),
    // A switch that is not verified can still be undone after it.
    ...(mark && !shown?.refusal
      ? {
          mark: markText({
            ...mark,
            after: {
              ...mark.after,
              restartedAt,
              versionsRead: versionsRead ?? mark.after.versionsRead,
            },
          }),
        }
      : {}),
  };
}

function readsSettings(
  container: Pick<Container, 'env' | 'envFrom'>,
  data: ObjectData,
): boolean {
  const { entries } = composeEnvironment(container, data).environment;
  // Nearly every gateway with local sign-in sets AUTH_METHOD.
  return SETTING_KEYS.some(
    key => key !== 'AUTH_METHOD' && entries.get(key)?.source.object,
  );
}

/** The objects that a container takes its environment from, as written last. */
function objectsReadBy(
  { container, configMaps, secrets }: Snapshot,
  envFrom: TemplatePart['envFrom'],
  written: Array<ConfigMap | Secret> = [],
): Array<ConfigMap | Secret> {
  const known = new Map<string, ConfigMap | Secret>();
  for (const object of [
    ...Object.values(configMaps),
    ...Object.values(secrets),
    ...written,
  ]) {
    if (object) {
      known.set(`${object.kind} ${object.metadata.name}`, object);
    }
  }
  return [...known.values()].filter(({ kind, metadata: { name } }) => {
    const isSecret = kind === 'Secret';
    return (
      envFrom.some(
        ({ configMapRef, secretRef }) =>
          (isSecret ? secretRef : configMapRef)?.name === name,
      ) ||
      (container.env ?? []).some(variable =>
        refersTo(variable, { kind: isSecret ? 'Secret' : 'ConfigMap', name }),
      )
    );
  });
}

function keysOf({ kind, name, data, replaces }: ObjectChange) {
  return {
    kind,
    name,
    keys: [
      ...new Set([
        ...SETTING_KEYS,
        ...Object.keys(data),
        ...Object.keys(replaces?.data ?? {}),
      ]),
    ],
  };
}

function keyOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`;
}
