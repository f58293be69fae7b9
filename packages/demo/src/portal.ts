import { setTimeout as sleep } from 'node:timers/promises';

/** One line of a task's log, as the portal shows it. @internal */
export interface TaskEvent {
  type: 'log' | 'completion' | 'cancelled' | 'recovered';
  step?: string;
  status?: string;
  message: string;
}

/** How a task ended. @internal */
export interface FinishedTask {
  id: string;
  status: string;
  events: TaskEvent[];
  /** `output` of the template: links and texts. */
  output: unknown;
}

/** The parts of an integration that the demo prints; see the HTTP API of the backend plugin. @internal */
export interface ShownIntegration {
  entityRef: string;
  state: string;
  checks: Array<{
    id: string;
    system: string;
    title: string;
    status: string;
    expected?: string;
    actual?: string;
    remedy?: string;
  }>;
  commands: Array<{ title: string; command: string }>;
}

/**
 * The portal's HTTP API, used as a signed-in person's browser uses it.
 *
 * @internal
 */
export class Portal {
  readonly #url: string;
  readonly #token: string;

  /** Signs in as guest, which the sandbox portal offers to everybody. */
  static async signIn(url: string): Promise<Portal> {
    const answer = await request(`${url}/api/auth/guest/refresh`, {
      headers: { 'x-requested-with': 'XMLHttpRequest' },
    });
    return new Portal(url, answer.backstageIdentity.token);
  }

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Waits for a refresh, such as the one after a run. */
  async getIntegration(path: string): Promise<ShownIntegration> {
    const shown = await this.#call(
      `/api/hoop-authentik/integrations/by-entity/${path}`,
    );
    if (shown.refreshing) {
      await sleep(200);
      return this.getIntegration(path);
    }
    return shown;
  }

  /** Waits until the catalog has processed an entity. */
  async untilInCatalog(path: string, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const response = await fetch(
        `${this.#url}/api/catalog/entities/by-name/${path}`,
        { headers: this.#headers() },
      );
      if (response.ok) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `The catalog has no entity ${path} after ${timeoutMs / 1000} s`,
        );
      }
      await sleep(200);
    }
  }

  /** Starts a software template and follows its log to the end. */
  async runTemplate(
    templateRef: string,
    values: object,
    onEvent: (event: TaskEvent) => void = () => {},
  ): Promise<FinishedTask> {
    const { id } = await this.#call('/api/scaffolder/v2/tasks', {
      method: 'POST',
      body: JSON.stringify({ templateRef, values }),
    });
    const events: TaskEvent[] = [];
    let output: unknown;
    for await (const event of this.#taskEvents(id)) {
      const { stepId, message, status } = event.body;
      output = event.body.output ?? output;
      const shown = { type: event.type, step: stepId, status, message };
      events.push(shown);
      onEvent(shown);
      if (event.type === 'completion') {
        break;
      }
    }
    const task = await this.#call(`/api/scaffolder/v2/tasks/${id}`);
    return { id, status: task.status, events, output };
  }

  /** Everything the portal stores of a task, as it tells it. */
  async getTaskRecord(id: string): Promise<unknown> {
    return {
      task: await this.#call(`/api/scaffolder/v2/tasks/${id}`),
      events: await this.#call(`/api/scaffolder/v2/tasks/${id}/events`),
    };
  }

  async *#taskEvents(id: string) {
    const response = await fetch(
      `${this.#url}/api/scaffolder/v2/tasks/${id}/eventstream`,
      { headers: this.#headers() },
    );
    if (!response.ok || !response.body) {
      throw new Error(
        `The log of task ${id} cannot be read: ${response.status}`,
      );
    }
    let rest = '';
    for await (const chunk of response.body.pipeThrough(
      new TextDecoderStream(),
    )) {
      const messages = (rest + chunk).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (data) {
          yield JSON.parse(data);
        }
      }
    }
  }

  #headers() {
    return {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
    };
  }

  async #call(path: string, init: RequestInit = {}) {
    return request(`${this.#url}${path}`, {
      ...init,
      headers: this.#headers(),
    });
  }
}

async function request(url: string, init: RequestInit) {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `${init.method ?? 'GET'} ${new URL(url).pathname}: ${
        response.status
      } ${text.slice(0, 500)}`,
    );
  }
  return JSON.parse(text);
}
