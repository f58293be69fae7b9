import { createHash } from 'node:crypto';
import type { Flow, KeyPair, ScopeMapping } from '../store/model';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import type { ApiRequest, Route } from './api';
import {
  byPk,
  demand,
  DETAIL_WRITES,
  invalid,
  LIST_WRITES,
  noContent,
  notFound,
  ok,
  wants,
} from './api';
import { checkBody, choice, integer, text, UUID } from './fields';
import type { ListView } from './list';
import { demandChoice, listItems } from './list';
import { usedByFlow, usedByKeyPair } from './usedBy';

const DESIGNATIONS = [
  'authentication',
  'authorization',
  'invalidation',
  'enrollment',
  'unenrollment',
  'recovery',
  'stage_configuration',
];

const BACKGROUND = '/static/dist/assets/images/flow_background.jpg';

function flowJson(store: Store, flow: Flow): JsonObject {
  return {
    pk: flow.pk,
    policybindingmodel_ptr_id: flow.policyBindingModel,
    name: flow.name,
    slug: flow.slug,
    title: flow.title,
    designation: flow.designation,
    ...(store.modern
      ? {
          background: '',
          background_url: BACKGROUND,
          background_themed_urls: null,
        }
      : { background: BACKGROUND }),
    stages: flow.stages,
    policies: flow.policies,
    cache_count: 0,
    policy_engine_mode: 'any',
    compatibility_mode: false,
    export_url: `/api/v3/flows/instances/${flow.slug}/export/`,
    layout: 'stacked',
    denied_action: 'message_continue',
    authentication: flow.authentication,
  };
}

function fingerprint(algorithm: string, der: Buffer): string {
  const hex = createHash(algorithm).update(der).digest('hex');
  return hex.replace(/(..)(?!$)/g, '$1:');
}

function keyPairJson(store: Store, pair: KeyPair, details = true): JsonObject {
  const base = `/api/v3/crypto/certificatekeypairs/${pair.pk}`;
  const shown = (value: string) => (details ? value : null);
  return {
    pk: pair.pk,
    name: pair.name,
    fingerprint_sha256: shown(fingerprint('sha256', pair.certificate)),
    fingerprint_sha1: shown(fingerprint('sha1', pair.certificate)),
    cert_expiry: shown(pair.expires),
    cert_subject: shown(pair.subject),
    private_key_available: true,
    ...(store.modern
      ? { key_type: pair.type }
      : { private_key_type: shown(pair.type) }),
    certificate_download_url: `${base}/view_certificate/?download`,
    private_key_download_url: `${base}/view_private_key/?download`,
    managed: null,
  };
}

function mappingJson(mapping: ScopeMapping): JsonObject {
  return {
    pk: mapping.pk,
    managed: mapping.managed,
    name: mapping.name,
    expression: mapping.expression,
    component: 'ak-property-mapping-provider-scope-form',
    verbose_name: 'Scope Mapping',
    verbose_name_plural: 'Scope Mappings',
    meta_model_name: 'authentik_providers_oauth2.scopemapping',
    scope_name: mapping.scopeName,
    description: mapping.description,
  };
}

function flowView(store: Store): ListView<Flow> {
  return {
    exact: {
      flow_uuid: flow => flow.pk,
      name: flow => flow.name,
      slug: flow => flow.slug,
      designation: flow => flow.designation,
    },
    search: flow => [flow.name, flow.slug, flow.title, flow.designation],
    ordering: {
      slug: flow => flow.slug,
      name: flow => flow.name,
      designation: flow => flow.designation,
    },
    defaultOrder: 'slug',
    serialize: flow => flowJson(store, flow),
  };
}

function keyPairView(request: ApiRequest): ListView<KeyPair> {
  const { store } = request;
  // Newer servers ignore the parameter, as they ignore any they do not know.
  const details = store.modern || wants(request, 'include_details');
  return {
    exact: { name: pair => pair.name, has_key: () => true },
    search: pair => [pair.name],
    ordering: { name: pair => pair.name },
    defaultOrder: 'name',
    serialize: pair => keyPairJson(store, pair, details),
  };
}

const MAPPING_VIEW: ListView<ScopeMapping> = {
  exact: {
    name: mapping => mapping.name,
    scope_name: mapping => mapping.scopeName,
    managed__isnull: mapping => mapping.managed === null,
  },
  search: mapping => [mapping.name, mapping.scopeName],
  ordering: {
    scope_name: mapping => mapping.scopeName,
    name: mapping => mapping.name,
    managed: mapping => mapping.managed,
  },
  defaultOrder: 'scope_name',
  serialize: mappingJson,
};

function flowOf(request: ApiRequest): Flow {
  demand(request, 'authentik_flows.view_flow');
  const flow = request.store.flows.find(one => one.slug === request.params[0]);
  if (!flow) throw notFound('Flow');
  return flow;
}

function keyPairOf(request: ApiRequest): KeyPair {
  demand(request, 'authentik_crypto.view_certificatekeypair');
  return byPk(request, request.store.keyPairs, 'CertificateKeyPair');
}

const GENERATED = { rsa: 'rsa', ecdsa: 'ec', ed25519: 'ed25519' } as const;

function generateKeyPair(request: ApiRequest) {
  const { store } = request;
  demand(request, 'authentik_crypto.add_certificatekeypair');
  const algorithms = Object.keys(GENERATED).filter(
    // Older servers cannot generate such a key.
    algorithm => store.modern || algorithm !== 'ed25519',
  );
  const { values, errors } = checkBody(
    [
      { name: 'common_name', required: true, check: text() },
      { name: 'validity_days', required: true, check: integer() },
      { name: 'alg', fallback: () => 'rsa', check: choice(algorithms) },
    ],
    request.body(),
    { create: true },
  );
  if (errors) throw invalid(errors);
  if (store.keyPairs.some(({ name }) => name === values.common_name)) {
    throw invalid({
      common_name: ['Certificate-Key Pair with this name already exists.'],
    });
  }
  const pair = store.addKeyPair(
    String(values.common_name),
    GENERATED[values.alg as keyof typeof GENERATED],
    Number(values.validity_days),
  );
  return ok(keyPairJson(store, pair));
}

/**
 * Objects a provider refers to: flows, key pairs, scope mappings.
 *
 * @internal
 */
export const lookupRoutes: Route[] = [
  {
    path: 'flows/instances/',
    alsoAllows: LIST_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_flows.view_flow');
        demandChoice(request, 'designation', DESIGNATIONS);
        const uuid = request.query.get('flow_uuid');
        if (uuid && !UUID.test(uuid)) {
          throw invalid({ flow_uuid: ['Enter a valid UUID.'] });
        }
        return listItems(request, flowView(request.store), request.store.flows);
      },
    },
  },
  {
    path: 'flows/instances/([^/]+)/',
    alsoAllows: DETAIL_WRITES,
    methods: {
      GET: request => ok(flowJson(request.store, flowOf(request))),
    },
  },
  {
    path: 'flows/instances/([^/]+)/used_by/',
    methods: {
      GET: request => ok(usedByFlow(request, flowOf(request))),
    },
  },
  {
    path: 'crypto/certificatekeypairs/',
    alsoAllows: LIST_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_crypto.view_certificatekeypair');
        const { store } = request;
        const types = store.modern
          ? demandChoice(request, 'key_type', [
              'rsa',
              'ec',
              'dsa',
              'ed25519',
              'ed448',
            ])
          : [];
        const pairs = store.keyPairs.filter(
          pair => types.length === 0 || types.includes(pair.type),
        );
        return listItems(request, keyPairView(request), pairs);
      },
    },
  },
  {
    path: 'crypto/certificatekeypairs/generate/',
    methods: { POST: generateKeyPair },
  },
  {
    path: 'crypto/certificatekeypairs/([^/]+)/',
    alsoAllows: DETAIL_WRITES,
    methods: {
      GET: request => ok(keyPairJson(request.store, keyPairOf(request))),
      DELETE: request => {
        const pair = keyPairOf(request);
        demand(request, 'authentik_crypto.delete_certificatekeypair');
        request.store.removeKeyPair(pair);
        return noContent();
      },
    },
  },
  {
    path: 'crypto/certificatekeypairs/([^/]+)/used_by/',
    methods: {
      GET: request => ok(usedByKeyPair(request, keyPairOf(request))),
    },
  },
  {
    path: 'propertymappings/provider/scope/',
    alsoAllows: LIST_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_providers_oauth2.view_scopemapping');
        const { mappings } = request.store;
        const managed = demandChoice(
          request,
          'managed',
          mappings.map(one => one.managed),
        );
        const left = mappings.filter(
          one => managed.length === 0 || managed.includes(one.managed ?? ''),
        );
        return listItems(request, MAPPING_VIEW, left);
      },
    },
  },
  {
    path: 'propertymappings/provider/scope/([^/]+)/',
    alsoAllows: DETAIL_WRITES,
    methods: {
      GET: request => {
        demand(request, 'authentik_providers_oauth2.view_scopemapping');
        return ok(
          mappingJson(byPk(request, request.store.mappings, 'ScopeMapping')),
        );
      },
    },
  },
];
