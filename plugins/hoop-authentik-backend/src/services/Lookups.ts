import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  CertificateSummary,
  ConnectionPlan,
  FlowSummary,
  GatewaySummary,
  GroupSummary,
  LookupQuery,
  PlanQuery,
} from 'backstage-plugin-hoop-authentik-common';
import {
  resolveGateway,
  type CallOptions,
  type Gateway,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import type { AuthentikKeyPair } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { CallerOptions } from './IntegrationService';
import type { Permits } from './Permits';
import { planConnection } from './planConnection';

/** Types of keys that the gateway can verify. */
const USABLE_KEYS = ['rsa', 'ec'];

/**
 * What those who manage a gateway choose from, and what their choice would do. Each method for one gateway throws a `NotAllowedError` where the caller may not manage it,
 * and a `NotFoundError` where there is none of the name.
 *
 * @internal
 */
export class Lookups {
  readonly #gateways: HoopAuthentikService;
  readonly #permits: Permits;

  constructor(options: { gateways: HoopAuthentikService; permits: Permits }) {
    this.#gateways = options.gateways;
    this.#permits = options.permits;
  }

  async listGateways(
    credentials: BackstageCredentials,
  ): Promise<GatewaySummary[]> {
    const names = this.#gateways.gatewayNames();
    const manageable = await this.#permits.manageable(names, credentials);
    return names
      .filter(name => manageable.has(name))
      .map(name => {
        const { config } = this.#gateways.getGateway(name);
        return {
          name,
          title: config.title,
          url: config.url,
          authentik: config.authentik,
          application: config.application,
          adminGroup: config.adminGroup,
          targetType: config.target.type,
        };
      });
  }

  async listGroups(
    gateway: string,
    query: LookupQuery,
    options: CallerOptions,
  ): Promise<GroupSummary[]> {
    const { authentik, call } = await this.#authentikOf(gateway, options);
    const groups = await authentik.listGroups(call);
    return groups
      .filter(matches(query))
      .map(({ name, users }) => ({ name, memberCount: users.length }))
      .sort(byName);
  }

  async listCertificates(
    gateway: string,
    query: LookupQuery,
    options: CallerOptions,
  ): Promise<CertificateSummary[]> {
    const { authentik, call } = await this.#authentikOf(gateway, options);
    const [pairs, providers] = await Promise.all([
      authentik.listKeyPairs(call),
      authentik.listProviders(call),
    ]);
    return pairs
      .filter(matches(query))
      .map(pair => ({
        name: pair.name,
        keyType: pair.keyType,
        expiresAt: pair.expiry,
        usable: isUsable(pair),
        usedBy: providers
          .filter(({ signingKey }) => signingKey === pair.pk)
          .map(({ name }) => name)
          .sort(),
      }))
      .sort(byName);
  }

  async listFlows(
    gateway: string,
    query: LookupQuery,
    options: CallerOptions,
  ): Promise<FlowSummary[]> {
    const { authentik, call } = await this.#authentikOf(gateway, options);
    const flows = await authentik.listFlows(query, call);
    return flows
      .filter(matches(query))
      .map(({ slug, name, designation }) => ({ slug, name, designation }))
      .sort(byName);
  }

  /** @throws InputError for a slug that authentik does not accept */
  async planConnection(
    gateway: string,
    { application, name }: PlanQuery,
    { credentials, signal }: CallerOptions,
  ): Promise<ConnectionPlan> {
    await this.#permits.requireGateway(gateway, credentials);
    const resolved = resolveGateway(this.#gateways, { gateway, application });
    return planConnection(resolved, { signal, name });
  }

  async #authentikOf(
    name: string,
    { credentials, signal }: CallerOptions,
  ): Promise<Pick<Gateway['systems'], 'authentik'> & { call: CallOptions }> {
    await this.#permits.requireGateway(name, credentials);
    const { authentik } = this.#gateways.getGateway(name).systems;
    return { authentik, call: { signal, lane: 'reader' } };
  }
}

/** Without a known type it may be. */
function isUsable({ privateKeyAvailable, keyType }: AuthentikKeyPair): boolean {
  return (
    privateKeyAvailable &&
    (keyType === undefined || USABLE_KEYS.includes(keyType))
  );
}

function matches({ text = '' }: LookupQuery) {
  const wanted = text.toLowerCase();
  return ({ name }: { name: string }) => name.toLowerCase().includes(wanted);
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}
