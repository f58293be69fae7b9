import { describeInput } from '../../../core';
import type { KubernetesObject, ObjectMeta } from '../../../systems/kubernetes';
import type { ObjectOwner } from '../../types';
import { OWNER_MARKS, type OwnerMarks, VALUES_FILE } from './ownerMarks';

const ARGO = 'argocd.argoproj.io/';
const MANAGED_BY = 'app.kubernetes.io/managed-by';
/** Of our own objects, see `ownMarks`. */
const OURS = 'backstage-hoop-authentik';

/**
 * Which tools would undo or fight a live edit of an object, by the marks that they leave, with what to do instead; pure.
 *
 * Sources: Helm's release labels, Argo CD's resource tracking, Flux's ownership labels, owner references, and what the
 * documentation of each of {@link OWNER_MARKS} names.
 *
 * @internal
 */
export function ownersOf(object: KubernetesObject | undefined): ObjectOwner[] {
  if (!object) {
    return [];
  }
  const described = `${object.kind} "${object.metadata.name}"`;
  const marked = OWNER_MARKS.flatMap(marks => ownerBy(marks, object) ?? []);
  const certain = [
    helmOwner(object),
    argoOwner(object),
    fluxOwner(object),
    ...marked,
    // Its references lead to objects that a tool above is known to keep, or to the pods that mount it.
    ...(marked.length > 0 ? [] : controllersOf(object)),
  ].flatMap(owner => owner ?? []);
  return (certain.length > 0 ? certain : labelledOwner(object)).map(owner => ({
    ...owner,
    object: described,
  }));
}

/** Whether a tool is certain to undo a live edit of an object; pure. @internal */
export function isManaged(object: KubernetesObject | undefined): boolean {
  return ownersOf(object).some(({ uncertain }) => !uncertain);
}

type Owner = Omit<ObjectOwner, 'object'>;

function helmOwner({ metadata }: KubernetesObject): Owner | undefined {
  const { labels = {}, annotations = {} } = metadata;
  const release = annotations['meta.helm.sh/release-name'];
  return release || labels[MANAGED_BY] === 'Helm'
    ? {
        tool: 'Helm',
        detail: release ? `release "${release}"` : 'a release',
        advice: VALUES_FILE,
      }
    : undefined;
}

function argoOwner(object: KubernetesObject): Owner | undefined {
  const { labels = {}, annotations = {} } = object.metadata;
  const detail =
    annotations[`${ARGO}tracking-id`] ??
    labels[`${ARGO}instance`] ??
    // The label is common: it means Argo CD only beside another mark of Argo CD.
    (hasArgoMark(object) ? labels['app.kubernetes.io/instance'] : undefined);
  return detail ? { tool: 'Argo CD', detail, advice: VALUES_FILE } : undefined;
}

function hasArgoMark({ metadata }: KubernetesObject): boolean {
  const { labels = {}, annotations = {}, managedFields = [] } = metadata;
  return (
    [...Object.keys(labels), ...Object.keys(annotations)].some(key =>
      key.startsWith(ARGO),
    ) || managedFields.some(({ manager }) => manager?.startsWith('argocd'))
  );
}

function fluxOwner({ metadata }: KubernetesObject): Owner | undefined {
  const { labels = {} } = metadata;
  const release = labels['helm.toolkit.fluxcd.io/name'];
  const detail = labels['kustomize.toolkit.fluxcd.io/name'] ?? release;
  return detail
    ? {
        tool: 'Flux',
        detail,
        advice: release
          ? VALUES_FILE
          : 'change its manifest in Git with the action hoop:manifest:patch',
      }
    : undefined;
}

/** An operator reverts an object to match the one that owns it. */
function controllersOf({ metadata }: KubernetesObject): Owner[] {
  return (metadata.ownerReferences ?? []).map(({ kind, name }) => ({
    tool: `the controller of ${kind}`,
    detail: `${kind} "${name}"`,
    advice: `change the ${kind} "${name}" that it is generated from`,
  }));
}

function ownerBy(
  { tool, advice, delivers, ...marks }: OwnerMarks,
  { kind, metadata }: KubernetesObject,
): Owner | undefined {
  if (marks.kinds && !marks.kinds.includes(kind)) {
    return undefined;
  }
  const { ownerReferences = [], managedFields = [] } = metadata;
  const words = { ...metadata.labels, ...metadata.annotations };
  const reference = ownerReferences.find(one =>
    marks.ownerKinds?.includes(one.kind),
  );
  const mark = Object.entries(words).find(([key, value]) =>
    marks.marks?.some(wanted => isMark(wanted, key, value)),
  )?.[0];
  const label = words[MANAGED_BY] ?? '';
  const labelled = marks.managedBy?.includes(label.toLowerCase());
  const written = managedFields.find(one =>
    marks.managers?.some(start => one.manager?.startsWith(start)),
  );
  if (!reference && mark === undefined && !labelled && !written) {
    return undefined;
  }
  const name = marks.named?.flatMap(key => words[key] ?? [])[0];
  const source = reference
    ? `${reference.kind} "${reference.name}"`
    : name && describeInput(name);
  return {
    tool,
    detail:
      source ||
      (mark !== undefined && `by ${mark}`) ||
      (labelled && `${MANAGED_BY}: ${label}`) ||
      `its fields were written by ${describeInput(written?.manager ?? '')}`,
    advice: advice(source ?? ''),
    ...(delivers ? { delivers } : {}),
    ...(reference || mark !== undefined || labelled || hasContents(written)
      ? {}
      : { uncertain: true }),
  };
}

/** A tool that wrote only labels, or the number of replicas, leaves what we write alone. */
function hasContents(
  written: NonNullable<ObjectMeta['managedFields']>[number] | undefined,
): boolean {
  const { fieldsV1 } = written ?? {};
  if (typeof fieldsV1 !== 'object' || fieldsV1 === null) {
    return true;
  }
  const spec: unknown = Reflect.get(fieldsV1, 'f:spec');
  return (
    'f:data' in fieldsV1 ||
    (typeof spec === 'object' && spec !== null && 'f:template' in spec)
  );
}

function isMark(wanted: string, key: string, value: string): boolean {
  if (wanted.endsWith('*')) {
    return key.startsWith(wanted.slice(0, -1));
  }
  const [wantedKey, wantedValue] = wanted.split('=');
  return (
    key === wantedKey &&
    (wantedValue === undefined || value.toLowerCase() === wantedValue)
  );
}

/** The label says that there is a tool, but not whether it restores what it made. */
function labelledOwner({ metadata }: KubernetesObject): Owner[] {
  const label = metadata.labels?.[MANAGED_BY];
  return label && label !== OURS
    ? [
        {
          tool: describeInput(label),
          detail: `by the label ${MANAGED_BY}`,
          advice: `make the change where ${describeInput(label)} has it from`,
          uncertain: true,
        },
      ]
    : [];
}
