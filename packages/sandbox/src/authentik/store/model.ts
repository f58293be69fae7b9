import type { KeyObject } from 'node:crypto';
import type { JsonObject } from '../../json';
import type { KeyType } from '../../keys/keyPool';

/** @internal */
export interface Group {
  pk: string;
  numPk: number;
  name: string;
  isSuperuser: boolean;
  attributes: JsonObject;
  roles: string[];
}

/** @internal */
export interface Role {
  pk: string;
  name: string;
  /** `app_label.codename` */
  permissions: Set<string>;
}

/** @internal */
export interface User {
  pk: number;
  uuid: string;
  username: string;
  name: string;
  email: string;
  type: 'internal' | 'service_account';
  isActive: boolean;
  groups: string[];
  roles: string[];
  attributes: JsonObject;
  uid: string;
  password?: string;
  dateJoined: string;
  lastLogin: string | null;
}

/** @internal */
export interface ApiToken {
  key: string;
  identifier: string;
  user: number;
  intent: 'api' | 'app_password';
  /** Milliseconds; undefined: never. */
  expires?: number;
}

/** @internal */
export interface KeyPair {
  pk: string;
  name: string;
  type: KeyType;
  privateKey: KeyObject;
  publicKey: KeyObject;
  certificate: Buffer;
  subject: string;
  expires: string;
  kid: string;
}

/** @internal */
export interface ScopeMapping {
  pk: string;
  managed: string | null;
  name: string;
  scopeName: string;
  description: string;
  expression: string;
}

/** @internal */
export interface Flow {
  pk: string;
  policyBindingModel: string;
  name: string;
  slug: string;
  title: string;
  designation: string;
  authentication: string;
  stages: string[];
  policies: string[];
}

/** @internal */
export interface Policy {
  pk: string;
  name: string;
  kind: 'expression' | 'event_matcher' | 'password';
  expression?: string;
  /** What an event matcher looks for. */
  action?: string;
  /** Default policies are bound to flows and stages, which the stand-in does not model. */
  boundElsewhere: number;
  /** Bindings a policy has besides those of applications hide it from "unbound" lists. */
  hasBinding: boolean;
  /** Outcome of the policy; expressions are not evaluated. */
  passes: boolean;
}

/** @internal */
export interface RedirectUri {
  matching_mode: string;
  url: string;
  /** Not filled in when a change leaves it out; then it means `authorization`. */
  redirect_uri_type?: string;
}

/** @internal */
export interface Provider {
  pk: number;
  kind: 'oauth2' | 'proxy' | 'saml';
  name: string;
  authentication_flow: string | null;
  authorization_flow: string;
  invalidation_flow: string;
  property_mappings: string[];
  client_type: string;
  grant_types: string[];
  client_id: string;
  client_secret: string;
  access_code_validity: string;
  access_token_validity: string;
  refresh_token_validity: string;
  refresh_token_threshold: string;
  include_claims_in_id_token: boolean;
  signing_key: string | null;
  encryption_key: string | null;
  redirect_uris: RedirectUri[];
  logout_uri: string;
  logout_method: string;
  sub_mode: string;
  issuer_mode: string;
  jwt_federation_sources: string[];
  jwt_federation_providers: number[];
}

/** @internal */
export interface Application {
  pk: string;
  name: string;
  slug: string;
  provider: number | null;
  backchannel_providers: number[];
  open_in_new_tab: boolean;
  meta_launch_url: string;
  meta_icon: string;
  meta_description: string;
  meta_publisher: string;
  policy_engine_mode: string;
  group: string;
  meta_hide: boolean;
}

/** @internal */
export interface Binding {
  pk: string;
  target: string;
  policy: string | null;
  group: string | null;
  user: number | null;
  negate: boolean;
  enabled: boolean;
  order: number;
  timeout: number;
  failure_result: boolean;
}

/** @internal */
export interface AuditEvent {
  pk: string;
  user: JsonObject;
  action: string;
  app: string;
  context: JsonObject;
  clientIp: string;
  created: string;
  expires: string;
}
