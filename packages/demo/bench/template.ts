import {
  configureGateway,
  desiredIntegration,
  ensureApplication,
  preflightGateway,
  restartGateway,
  verifyGateway,
  type ApplicationSpec,
  type Gateway,
} from 'backstage-plugin-hoop-authentik-node';
import type {
  CreatedObject,
  CreationRecords,
} from 'backstage-plugin-hoop-authentik-node/alpha';

/** The records of a gateway's runs, as the backend keeps them. */
export function records(): CreationRecords {
  let created: CreatedObject[] = [];
  const without = (object: CreatedObject) =>
    created.filter(
      ({ kind, name }) => kind !== object.kind || name !== object.name,
    );
  return {
    get created() {
      return created;
    },
    record: async object => {
      created = [...without(object), object];
    },
    forget: async object => {
      created = without(object);
    },
  };
}

/** Has a step done once it may be. */
export type Turn = <T>(step: () => Promise<T>) => Promise<T>;

/**
 * What the template connect-gateway does, step by step, as one task.
 *
 * @returns how many requests changed something in authentik and where the gateway reads its settings
 */
export async function runTemplate(
  gateway: Gateway,
  {
    task,
    run,
    spec,
    turn = step => step(),
  }: {
    task: string;
    run: CreationRecords;
    spec: Omit<ApplicationSpec, 'slug'>;
    /** For steps that may write. */
    turn?: Turn;
  },
): Promise<number> {
  const desired = desiredIntegration(gateway.config, gateway.authentik);
  const held = {
    confirm: async () => {},
    unverifiedSwitch: undefined,
    keepSwitch: async () => {},
    clearSwitch: async () => {},
  };
  const systems = () => gateway.systemsOf(held, task);
  const options = { log: () => {} };
  await turn(() => preflightGateway(systems(), desired, options));
  const { writes } = await turn(() =>
    ensureApplication(
      systems().authentik,
      { slug: gateway.config.application, ...spec },
      gateway.applicationContext(),
      { run },
    ),
  );
  const configured = await turn(() =>
    configureGateway(systems(), desired, options),
  );
  await turn(() => restartGateway(systems(), desired, options));
  await verifyGateway(gateway.systemsOfTask(task), desired);
  return writes + configured.writes;
}
