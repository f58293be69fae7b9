import { randomBytes } from 'node:crypto';
import { ObjectWriter } from '../objectWriter';
import { events, namespaces } from '../resources';
import { ObjectStore } from '../store';
import { kubernetesTime } from '../time';
import { KubeObject } from '../types';
import { recordAt } from '../values';

/** Writes Event objects; a repeated event raises the count of the first one. @internal */
export class EventRecorder {
  constructor(
    private readonly store: ObjectStore,
    private readonly writer: ObjectWriter,
  ) {}

  record(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    component: string,
  ): void {
    const { namespace, name, uid } = about.metadata;
    if (!this.store.get(namespaces, undefined, namespace ?? '')) {
      // The namespace is on its way out, and its events with it.
      return;
    }
    const [known] = this.store.list(
      events,
      namespace,
      event =>
        event.reason === reason &&
        event.message === message &&
        recordAt(event, 'involvedObject').uid === uid,
    );
    const now = kubernetesTime();
    if (known) {
      this.store.put(events, {
        ...known,
        count: Number(known.count) + 1,
        lastTimestamp: now,
      });
      return;
    }
    this.writer.create(
      events,
      namespace,
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${name}.${randomBytes(8).toString('hex')}` },
        involvedObject: {
          kind: about.kind,
          namespace,
          name,
          uid,
          apiVersion: about.apiVersion,
          resourceVersion: about.metadata.resourceVersion,
        },
        reason,
        message,
        type,
        count: 1,
        firstTimestamp: now,
        lastTimestamp: now,
        source: { component },
        reportingComponent: component,
        reportingInstance: '',
      },
      { manager: component },
    );
  }
}
