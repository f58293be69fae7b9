import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import makeKnex, { type Knex } from 'knex';
import { requestNamed } from './__testUtils__/requests';
import { RequestTasks } from './RequestTasks';
import { DatabaseRequestStore } from './store';

/** `yarn test:races` makes 1,000 of them on PostgreSQL. */
const RACES = Number(process.env.RACES ?? 6);
const isSample = RACES < 100;

jest.setTimeout(60_000 + RACES * 1_000);

const DIGEST = 'plan';

const databases = TestDatabases.create({
  disableDocker: true,
  ids: isSample ? undefined : ['POSTGRES_15'],
});

/** A scaffolder whose tasks are carried out by hand. */
class FakeScaffolder {
  readonly tasks = new Map<string, { approval: string; status: string }>();
  /** What happens instead of an answer once the task exists. */
  killed = false;

  async scaffold({ values }: { values: Record<string, unknown> }) {
    const taskId = `task-${this.tasks.size}`;
    this.tasks.set(taskId, {
      approval: `${values.request}`,
      status: 'processing',
    });
    if (this.killed) {
      // The process ends: neither an answer nor an error is seen.
      await new Promise(() => {});
    }
    return { taskId };
  }

  async getTask({ taskId }: { taskId: string }) {
    const task = this.tasks.get(taskId);
    if (!task) {
      throw Object.assign(new Error('gone'), {
        name: 'ResponseError',
        statusCode: 404,
      });
    }
    return { id: taskId, status: task.status } as any;
  }
}

describe.each(databases.eachSupportedId())('requests on %s', id => {
  const connections: Knex[] = [];
  const stores: DatabaseRequestStore[] = [];
  let scaffolder: FakeScaffolder;

  beforeAll(async () => {
    const first = await databases.init(id);
    // A database in memory has one connection.
    connections.push(
      first,
      id === 'SQLITE_3' ? first : makeKnex(first.client.config),
    );
    for (const knex of connections) {
      stores.push(
        await DatabaseRequestStore.create(
          mockServices.database.mock({
            getClient: async () => knex,
            migrations: { skip: false },
          }),
        ),
      );
    }
  });

  afterAll(async () => {
    if (connections[1] !== connections[0]) {
      await connections[1].destroy();
    }
  });

  beforeEach(() => {
    scaffolder = new FakeScaffolder();
  });

  const tasksOf = (replica: number) =>
    new RequestTasks({
      auth: mockServices.auth(),
      config: { templates: { connect: 'template:c', access: 'template:a' } },
      logger: mockServices.logger.mock(),
      onChange: () => {},
      planner: {
        plan: async () => ({ changes: [], notes: [], digest: DIGEST }),
      },
      scaffolder,
      store: stores[replica],
    });

  let made = 0;
  async function pending(): Promise<string> {
    const { request } = await stores[0].create(
      requestNamed(`entity-${made++}`, { subject: undefined, kind: 'connect' }),
      1_000_000,
    );
    return request.id;
  }

  /** @returns whether this approver was the one */
  async function approve(key: string, replica: number, by: string) {
    const tasks = tasksOf(replica);
    const attempt = tasks.newAttempt();
    const approval = { by, planDigest: DIGEST, attempt };
    const won = await stores[replica].approve(key, approval);
    if (won) {
      await tasks.start(
        (await stores[replica].get(key))!,
        {} as Parameters<typeof tasks.start>[1],
      );
    }
    tasks.stop();
    return won;
  }

  const present = (taskId: string, replica = 0, by = 'user:default/a') =>
    tasksOf(replica).present({
      request: scaffolder.tasks.get(taskId)!.approval,
      taskId,
      user: by,
      action: 'hoop:gateway:verify',
      gateway: 'main',
      application: 'hoop',
      inputs: {},
    });

  const age = (key: string) =>
    connections[0]('requests')
      .where({ id: key })
      .decrement('attempted_at', 10 * 60_000);

  /** As the task of each minute does, on both replicas in the same moment. */
  async function settle() {
    await Promise.all(
      [0, 1].map(async replica => {
        for (const request of await stores[replica].underWay()) {
          await tasksOf(replica).settle(request);
        }
      }),
    );
  }

  it(`should be decided once, and carried out by one task, in each of ${RACES} races of two approvers`, async () => {
    for (let race = 0; race < RACES; race++) {
      const key = await pending();
      const known = scaffolder.tasks.size;
      const approvers = ['user:default/a', 'user:default/b'];
      const won = await Promise.all(
        approvers.map((by, index) => approve(key, (index + race) % 2, by)),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(scaffolder.tasks.size).toBe(known + 1);
      const { decidedBy, taskId } = (await stores[1].get(key))!;
      expect(decidedBy).toBe(approvers[won.indexOf(true)]);
      expect(taskId).toBe(`task-${known}`);
    }
  });

  describe('killed', () => {
    const ran: string[] = [];
    const CARRIED_OUT = { state: 'completed', ran: 1 };
    const BY = 'user:default/a';
    const approveOnly = (key: string) =>
      stores[0].approve(key, { by: BY, planDigest: DIGEST, attempt: 'a1' });

    /** What a task does with the answer to what it presents. */
    async function runTask(taskId: string, replica = 0) {
      if ((await present(taskId, replica, BY)) === undefined) {
        ran.push(taskId);
        scaffolder.tasks.get(taskId)!.status = 'completed';
      } else {
        scaffolder.tasks.get(taskId)!.status = 'failed';
      }
    }

    beforeEach(() => {
      ran.length = 0;
    });

    /** Another process finds what was left, and an approver tries again where it failed. */
    async function recover(key: string) {
      await age(key);
      await settle();
      await settle();
      if ((await stores[1].get(key))?.state === 'failed') {
        scaffolder.killed = false;
        const tasks = tasksOf(1);
        const attempt = tasks.newAttempt();
        await stores[1].retry(key, { by: BY, planDigest: DIGEST, attempt });
        await tasks.start((await stores[1].get(key))!, {} as any);
        tasks.stop();
        await runTask([...scaffolder.tasks.keys()].at(-1)!, 1);
        await settle();
      }
      // What is left of the first attempt comes late.
      for (const [taskId, { status }] of scaffolder.tasks) {
        if (status === 'processing') {
          await runTask(taskId);
        }
      }
      await settle();
      return { state: (await stores[0].get(key))?.state, ran: ran.length };
    }

    it('between the approval and its task', async () => {
      const key = await pending();
      await approveOnly(key);
      expect(await recover(key)).toEqual(CARRIED_OUT);
    });

    it('before it knew the task, which has not begun', async () => {
      const key = await pending();
      scaffolder.killed = true;
      approve(key, 0, BY).catch(() => {});
      while (scaffolder.tasks.size === 0) {
        await new Promise(resolve => setImmediate(resolve));
      }
      expect(await recover(key)).toEqual(CARRIED_OUT);
      expect(scaffolder.tasks.size).toBe(2);
    });

    it('before it knew the task, which has begun', async () => {
      const key = await pending();
      scaffolder.killed = true;
      approve(key, 0, BY).catch(() => {});
      while (scaffolder.tasks.size === 0) {
        await new Promise(resolve => setImmediate(resolve));
      }
      await runTask('task-0', 1);
      expect(await recover(key)).toEqual(CARRIED_OUT);
      expect(scaffolder.tasks.size).toBe(1);
    });

    it('while the task ran', async () => {
      const key = await pending();
      await approve(key, 0, BY);
      expect(await present('task-0', 0, BY)).toBeUndefined();
      scaffolder.tasks.get('task-0')!.status = 'failed';
      expect(await recover(key)).toEqual(CARRIED_OUT);
      expect(scaffolder.tasks.size).toBe(2);
    });

    it('after the task and before its end was known', async () => {
      const key = await pending();
      await approve(key, 0, BY);
      await runTask('task-0');
      expect(await recover(key)).toEqual(CARRIED_OUT);
      expect(scaffolder.tasks.size).toBe(1);
    });

    it('with the scaffolder, whose task is gone', async () => {
      const key = await pending();
      await approve(key, 0, BY);
      scaffolder.tasks.get('task-0')!.status = 'gone';
      const { getTask } = scaffolder;
      scaffolder.getTask = async asked => {
        if (asked.taskId === 'task-0') {
          return getTask.call(scaffolder, { taskId: 'unknown' });
        }
        return getTask.call(scaffolder, asked);
      };
      expect(await recover(key)).toEqual(CARRIED_OUT);
    });
  });

  it('should stop a task whose systems have changed since the approval', async () => {
    const key = await pending();
    const by = 'user:default/a';
    const tasks = tasksOf(0);
    const approval = { by, planDigest: 'another plan', attempt: 'a1' };
    await stores[0].approve(key, approval);
    await tasks.start((await stores[0].get(key))!, {} as any);
    tasks.stop();
    expect(await present('task-0')).toContain('have changed since');
    expect(await stores[0].get(key)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('have changed since'),
    });
  });

  it('should refuse an approval that there is not', async () => {
    scaffolder.tasks.set('task-0', { approval: 'none', status: 'processing' });
    expect(await present('task-0')).toContain('There is no such approval');
    const key = await pending();
    scaffolder.tasks.get('task-0')!.approval = `${key}.`;
    expect(await present('task-0')).toContain('There is no such approval');
  });
});
