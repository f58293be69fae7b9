import type {
  AuthentikApplication,
  AuthentikBinding,
  AuthentikGroupMembers,
  AuthentikProvider,
  AuthentikUse,
  AuthorizeProbe,
  DiscoveryDocument,
  LoginPageProbe,
  PublishedKey,
} from '../systems/authentik/types';
import type {
  GatewayAuthConfig,
  GatewayInfo,
  GatewayLoginUrl,
} from '../systems/hoop/types';
import type { SignInProof } from '../systems/signIn';
import type { TargetCapabilities, TargetReading } from '../targets/types';

/**
 * What a read gave: a value, or the reason why there is none.
 *
 * @alpha
 */
export type Observation<T> =
  | { ok: true; value: T }
  | { ok: false; error: Error };

/**
 * What the guide requires of one integration; plain data.
 *
 * @public
 */
export interface DesiredIntegration {
  gateway: { name: string; url: string; adminGroup: string };
  /** Groups that have to be bound to the application; none where everyone may sign in; absent where app-config does not say. */
  allowedGroups?: readonly string[];
  /** The application had bindings that let only some people in, and nothing shows that this was given up. */
  wasBound?: boolean;
  authentik: { name: string; baseUrl: string };
  application: {
    slug: string;
    adminUrl: string;
    /** app-config gives the gateway this slug. With another one, an application is looked at only where it leads here. */
    isConfigured: boolean;
  };
  redirectUri: string;
  issuer: string;
  /** Claim in which the groups of a person have to be. */
  groupsClaim: string;
  scopes: readonly string[];
  grantTypes: readonly string[];
}

/**
 * The claims that the provider would issue.
 *
 * @alpha
 */
export interface PreviewedClaims {
  /** Of whom; `undefined` for our own service account. */
  username: string | undefined;
  claims: Record<string, unknown>;
}

/**
 * Everything the checks look at, each fact read once.
 *
 * @alpha
 */
export interface ObservedIntegration {
  now: Date;
  authentik: {
    /** As far as it is known already: no check reads it. */
    version: string | undefined;
    application: Observation<AuthentikApplication | undefined>;
    /** The provider joined to the application; `undefined` where there is none or it is of another type. */
    provider: Observation<AuthentikProvider | undefined>;
    bindings: Observation<AuthentikBinding[]>;
    discovery: Observation<DiscoveryDocument | undefined>;
    /** The published keys; empty where there is no discovery document. */
    keys: Observation<PublishedKey[]>;
    /** What refers to the signing key; empty where there is none. */
    keyUses: Observation<AuthentikUse[]>;
    /** The group whose members administer the gateway; `undefined` where there is none of the name. */
    adminGroup: Observation<AuthentikGroupMembers | undefined>;
    /** `undefined` where there is no provider. */
    claims: Observation<PreviewedClaims | undefined>;
    /** `undefined` where it must not be probed: no provider, or one without redirect URIs. */
    authorize: Observation<AuthorizeProbe | undefined>;
    /** Whether authentik accepts the secret it has stored for the client. */
    clientSecret: Observation<boolean | undefined>;
  };
  targetCapabilities: TargetCapabilities;
  target: Observation<TargetReading>;
  gateway: {
    info: Observation<GatewayInfo>;
    oidcLoaded: Observation<boolean>;
    /** Only asked for when verifying and before a switch, since each request leaves a row in the gateway's database. */
    loginUrl: Observation<GatewayLoginUrl> | undefined;
    /** Where that leads; only followed to the right authentik, client and redirect URI. */
    loginPage?: Observation<LoginPageProbe>;
    /** Only tried when verifying, and where a test account is configured. */
    signIn?: Observation<SignInProof>;
    /** The configuration that the gateway's API shows; `undefined` where app-config has no API key of it. */
    authConfig: Observation<GatewayAuthConfig> | undefined;
    /**
     * Users of authentik whom the gateway knows as administrators by their email address. Only asked for where the admin
     * group has no active member and app-config has an API key of the gateway.
     */
    administrators?: Observation<string[]>;
  };
}
