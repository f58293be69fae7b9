import type { AuthentikInstanceConfig, GatewayConfig } from '../config/types';
import type { IntegrationSystems } from '../integration';
import type { ApplicationContext } from '../application';
import type { SwitchRecords } from '../targets';
import type { GatewayRun } from './runs/types';

/**
 * A configured gateway with the clients of its systems.
 *
 * @public
 */
export interface Gateway {
  config: GatewayConfig;
  authentik: AuthentikInstanceConfig;
  systems: IntegrationSystems;
  /**
   * The same systems for a run that holds the gateway: each write asks the run first, and is not made where the run has
   * lost the gateway to another one.
   *
   * @param task - its steps share for seconds what they read, until one of them writes
   */
  systemsOf(
    run: Pick<GatewayRun, 'confirm' | keyof SwitchRecords>,
    task?: string,
  ): IntegrationSystems;
  /** The same systems for a step that writes nothing, which shares what other steps of its task have read. */
  systemsOfTask(task: string): IntegrationSystems;
  /** What a plan of the gateway's application depends on, beside the desired state. */
  applicationContext(): ApplicationContext;
}

/**
 * The gateways declared in app-config. One instance serves all plugins of a backend, so that connections are shared.
 *
 * @public
 */
export interface HoopAuthentikService {
  gatewayNames(): string[];
  /**
   * @throws NotFoundError naming the gateways that are configured
   */
  getGateway(name: string): Gateway;
}
