import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ConfigReader } from '@backstage/config';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';
import { records, runTemplate, type Turn } from './template';

/** The pace of a real authentik is this many times slower than the one that is measured. */
const PACE = 5;

const STARTED_AT_ONCE = 4;

/** Tasks for one gateway at the same time. */
const TASKS = 6;

const SPEC = { bindings: [{ group: 'admin' }, { group: 'engineering' }] };

const nameOf = (index: number) => `gateway-${index}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      gateways: { type: 'string', default: '20' },
    },
  });
  const sandboxes: SandboxProcess[] = [];
  try {
    let left = Number(values.gateways);
    const work = async () => {
      while (left > 0) {
        left--;
        sandboxes.push(await startSandboxProcess({ rolloutDelayMs: 50 }));
      }
    };
    await Promise.all(Array.from({ length: STARTED_AT_ONCE }, work));
    // With --json the output is the document alone.
    (values.json ? process.stderr : process.stdout).write(
      `connects bench on: ${
        sandboxes.length
      } sandbox gateways of one authentik at ${PACE} times the pace of a real one, Node ${
        process.version
      }, ${availableParallelism()} CPUs\n`,
    );
    report(await measure(sandboxes), values.json);
  } finally {
    await Promise.all(sandboxes.map(sandbox => sandbox.stop()));
  }
}

/** A portal that has read nothing yet. */
function portal(sandboxes: SandboxProcess[]): DefaultHoopAuthentikService {
  const [{ authentik }] = sandboxes;
  return DefaultHoopAuthentikService.create({
    config: new ConfigReader({
      hoopAuthentik: {
        authentik: [
          { baseUrl: authentik.url, token: authentik.tokens.leastPrivilege },
        ],
        gateways: sandboxes.map(({ gateway, kubernetes }, index) => ({
          name: nameOf(index),
          url: gateway.url,
          application: nameOf(index),
          target: {
            type: 'kubernetes',
            cluster: { kubeconfig: kubernetes.kubeconfigPath },
            namespace: kubernetes.namespace,
            deployment: kubernetes.deployment,
          },
        })),
      },
    }),
  });
}

async function startOver(sandboxes: SandboxProcess[]): Promise<void> {
  await Promise.all(sandboxes.map(({ control }) => control.reset()));
  await sandboxes[0].control.authentikLatency(1 / PACE);
}

/** One step of any task at a time, in the order in which they ask, as the lease of a gateway has it. */
function lease(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return step => {
    const result = last.then(step, step);
    last = result.catch(() => {});
    return result;
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measure(sandboxes: SandboxProcess[]): Promise<Measure[]> {
  const names = sandboxes.map((_, index) => nameOf(index));
  const connectAll = async (
    connect: (one: (name: string) => Promise<number>) => Promise<unknown>,
  ) => {
    await startOver(sandboxes);
    const service = portal(sandboxes);
    try {
      return await timed(() =>
        connect(name =>
          runTemplate(service.getGateway(name), {
            task: name,
            run: records(),
            spec: SPEC,
          }),
        ),
      );
    } finally {
      await service.close();
    }
  };
  const inTurn = await connectAll(async connect => {
    for (const name of names) {
      await connect(name);
    }
  });
  const together = await connectAll(connect => Promise.all(names.map(connect)));
  const tasks = await measureTasks(sandboxes);
  const title = `${names.length} gateways connected`;
  return [
    {
      name: `${title}, one after the other: s at the sandbox's pace`,
      value: rounded(inTurn / 1000),
    },
    {
      name: `${title} at the same time: s`,
      value: rounded(together / 1000),
      limit: rounded(inTurn / 1000),
    },
    ...tasks,
  ];
}

/** Several tasks that connect the first gateway. */
async function measureTasks([first]: SandboxProcess[]): Promise<Measure[]> {
  const several = async (
    start: (tasks: Array<() => Promise<number>>) => Promise<number[]>,
  ) => {
    await startOver([first]);
    const service = portal([first]);
    const run = records();
    const turn = lease();
    let writers = 0;
    try {
      const ms = await timed(async () => {
        const writes = await start(
          Array.from(
            { length: TASKS },
            (_, task) => () =>
              runTemplate(service.getGateway(nameOf(0)), {
                task: `task-${task}`,
                run,
                spec: SPEC,
                turn,
              }),
          ),
        );
        writers = writes.filter(made => made > 0).length;
      });
      return { ms, writers };
    } finally {
      await service.close();
    }
  };
  const inTurn = await several(async tasks => {
    const writes: number[] = [];
    for (const task of tasks) {
      writes.push(await task());
    }
    return writes;
  });
  const together = await several(tasks =>
    Promise.all(tasks.map(task => task())),
  );
  const title = `${TASKS} tasks for one gateway`;
  return [
    {
      name: `${title}, one after the other: s`,
      value: rounded(inTurn.ms / 1000),
    },
    {
      name: `${title} at the same time: s`,
      value: rounded(together.ms / 1000),
    },
    {
      name: `${title} at the same time: those that wrote`,
      value: together.writers,
      limit: 1,
    },
  ];
}

runBench(main);
