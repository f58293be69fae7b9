import type { LoggerService } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { REQUESTS_SIGNAL_CHANNEL } from 'backstage-plugin-hoop-authentik-common';
import { reasonOf } from '../reasonOf';
import type { RequestNewsItem, RequestNewsKind, RequestStore } from './store';

/** News that could not be spread for that long are old. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * Notifies those whom the way of a request concerns, and signals open pages. What was not spread, because a process ended or
 * a service failed, is spread by the next call, on any replica.
 *
 * @internal
 */
export class RequestNews {
  readonly #store: Pick<RequestStore, 'news' | 'claimNews' | 'removeNews'>;
  readonly #signals: SignalsService;
  readonly #notifications: NotificationService;
  readonly #logger: LoggerService;
  readonly #onNews: (kind: RequestNewsKind) => void;

  constructor(options: {
    store: Pick<RequestStore, 'news' | 'claimNews' | 'removeNews'>;
    signals: SignalsService;
    notifications: NotificationService;
    logger: LoggerService;
    /** Counts them. */
    onNews: (kind: RequestNewsKind) => void;
  }) {
    this.#store = options.store;
    this.#signals = options.signals;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
    this.#onNews = options.onNews;
  }

  /** Without waiting for it; never throws. */
  readonly changed = (): void => {
    this.spread().catch(error => this.#failed(error));
  };

  async spread(): Promise<void> {
    const items = await this.#store.news();
    // Without a word on what changed: each page asks for what its user may see.
    await this.#signals.publish({
      recipients: { type: 'broadcast' },
      channel: REQUESTS_SIGNAL_CHANNEL,
      message: { action: 'changed' },
    });
    for (const item of items) {
      if (await this.#store.claimNews(item.id)) {
        await this.#spreadOne(item);
      }
    }
  }

  async #spreadOne(item: RequestNewsItem): Promise<void> {
    try {
      const entityRef = recipientsOf(item);
      if (entityRef.length > 0) {
        await this.#notifications.send({
          recipients: {
            type: 'entity',
            entityRef,
            ...(isForApprovers(item.kind)
              ? { excludeEntityRef: item.request.requester }
              : {}),
          },
          payload: notificationOf(item),
        });
      }
      this.#onNews(item.kind);
      await this.#store.removeNews(item.id);
    } catch (error) {
      this.#failed(error);
      if (item.at < Date.now() - LONGEST_MS) {
        await this.#store.removeNews(item.id);
      }
    }
  }

  #failed(error: unknown): void {
    this.#logger.warn(
      `News of requests could not be spread: ${reasonOf(
        error,
      )}. It is tried again for a day.`,
    );
  }
}

function isForApprovers(kind: RequestNewsKind): boolean {
  return kind === 'created' || kind === 'reminder';
}

function recipientsOf({ kind, request }: RequestNewsItem): string[] {
  if (isForApprovers(kind)) {
    return request.approvers;
  }
  switch (kind) {
    case 'withdrawn':
      return [];
    case 'failed':
      return [
        ...new Set([
          request.requester,
          ...(request.decidedBy ?? '').split(' '),
        ]),
      ].filter(Boolean);
    default:
      return [request.requester];
  }
}

/** What each of them reads; pure. @internal */
export function notificationOf({ kind, request }: RequestNewsItem) {
  const { id, gateway, comment, failure, requester, reason } = request;
  const what =
    request.kind === 'connect'
      ? `the connection of ${gateway.title}`
      : `access to ${gateway.title}`;
  const name = nameOf(requester);
  const until = (request.grant?.until ?? request.until)?.slice(0, 10);
  const texts: Record<
    RequestNewsKind,
    { title: string; description?: string; severity?: 'high' }
  > = {
    created: { title: `${name} asks for ${what}`, description: reason },
    reminder: {
      title: `${name} still waits for a decision about ${what}`,
      description: reason,
    },
    approved: {
      title: `Your request for ${what} was approved`,
      description: comment,
    },
    declined: {
      title: `Your request for ${what} was declined`,
      description: comment,
    },
    withdrawn: { title: `The request for ${what} was withdrawn` },
    expired: {
      title: `Your request for ${what} has expired`,
      description:
        'No approver decided about it in time. Send it again if needed.',
    },
    completed: {
      title:
        request.kind === 'connect'
          ? `${gateway.title} is connected to authentik`
          : `You have access to ${gateway.title}${
              until ? ` until ${until}` : ''
            }`,
    },
    failed: {
      title: `The request for ${what} failed`,
      description: failure,
      severity: 'high',
    },
    ending: {
      title: `Access to ${gateway.title} ends on ${until}`,
      description: 'Ask again if it is still needed.',
    },
    ended: { title: `Access to ${gateway.title} has ended` },
  };
  return {
    topic: 'hoop-authentik',
    // Sent again after a process ended in between, it replaces itself.
    scope: `hoop-authentik:request:${id}:${kind}`,
    link: isForApprovers(kind)
      ? `/hoop-gateways?request=${encodeURIComponent(id)}`
      : linkTo(request.entityRef),
    severity: 'normal' as const,
    ...texts[kind],
  };
}

function nameOf(ref: string): string {
  return parseEntityRef(ref).name;
}

function linkTo(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return `/catalog/${namespace}/${kind}/${name}`;
}
