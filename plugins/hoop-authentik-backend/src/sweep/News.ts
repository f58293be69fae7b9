import type { LoggerService } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { INTEGRATIONS_SIGNAL_CHANNEL } from 'backstage-plugin-hoop-authentik-common';
import { reasonOf } from '../reasonOf';
import type { IntegrationStore, StateChange } from '../store';

/** Topic of the events about changes of state. @internal */
export const STATE_TOPIC = 'hoop-authentik.integration-state';

/** News that could not be spread for that long are old. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * Spreads the news of changed states: an event, a signal to open pages, and a notification to the owner. What was not
 * spread, because a process ended or a service failed, is spread by the next call, on any replica.
 *
 * @internal
 */
export class News {
  readonly #store: IntegrationStore;
  readonly #events: EventsService;
  readonly #signals: SignalsService;
  readonly #notifications: NotificationService;
  readonly #logger: LoggerService;

  constructor(options: {
    store: IntegrationStore;
    events: EventsService;
    signals: SignalsService;
    notifications: NotificationService;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#events = options.events;
    this.#signals = options.signals;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
  }

  async spread(): Promise<void> {
    const changes = await this.#store.unpublished();
    let spread = 0;
    for (const change of changes) {
      if (await this.#store.claim(change.historyId)) {
        spread++;
        if (await this.#spreadOne(change)) {
          await this.#store.published(change.historyId);
        }
      }
    }
    if (spread > 0) {
      // Without a word on what changed: each page asks for what its user may see.
      await this.#signals.publish({
        recipients: { type: 'broadcast' },
        channel: INTEGRATIONS_SIGNAL_CHANNEL,
        message: { action: 'changed' },
      });
    }
  }

  async #spreadOne(change: StateChange): Promise<boolean> {
    const {
      historyId,
      integrationId: id,
      announcement,
      owner,
      ...payload
    } = change;
    try {
      await this.#events.publish({
        topic: STATE_TOPIC,
        eventPayload: { id, owner, ...payload },
      });
      if (announcement && owner) {
        await this.#notifications.send({
          recipients: { type: 'entity', entityRef: owner },
          payload: notificationOf(change, announcement),
        });
      }
      return true;
    } catch (error) {
      const isOld = Date.parse(change.at) < Date.now() - LONGEST_MS;
      this.#logger.warn(
        `The change of ${id} to ${change.to} could not be announced: ${reasonOf(
          error,
        )}. ${isOld ? 'It is too old to try again.' : 'It is tried again.'}`,
      );
      return isOld;
    }
  }
}

const WORDS: Partial<Record<StateChange['to'], string>> = {
  'not-connected': 'no longer connected to authentik',
  drifted: 'not connected to authentik as it should be',
  unreachable: 'unreachable, or its authentik or cluster is',
};

/** What the owner reads; pure. @internal */
export function notificationOf(
  { historyId, entityRef, gateway, to, problems }: StateChange,
  announcement: 'left' | 'back',
) {
  const [worst] = problems;
  return {
    topic: 'hoop-authentik',
    // Sent again after a process ended in between, it replaces itself.
    scope: `hoop-authentik:${historyId}`,
    link: entityRef && linkTo(entityRef),
    ...(announcement === 'back'
      ? {
          title: `${gateway.title} is connected to authentik again`,
          severity: 'normal' as const,
        }
      : {
          title: `${gateway.title} is ${WORDS[to] ?? to}`,
          description: worst?.title,
          severity: 'high' as const,
        }),
  };
}

function linkTo(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/catalog/${namespace}/${kind}/${name}`;
}
