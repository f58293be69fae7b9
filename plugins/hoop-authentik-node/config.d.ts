export interface Config {
  /** Joins Hoop.dev gateways to authentik. */
  hoopAuthentik?: {
    /** The authentik servers. */
    authentik?: Array<{
      /** Name by which gateways refer to this instance. Default: `default`. */
      name?: string;
      /** Public base URL, such as https://authentik.company. The issuer of every application starts with it. */
      baseUrl: string;
      /**
       * Accept a plain http URL of a host other than this machine, though tokens and secrets are sent there; for where
       * something else encrypts it, such as a service mesh. Default: false.
       */
      dangerouslyAllowHttp?: boolean;
      /**
       * API token (intent `api`). Exactly one of `token`, `tokenFile` and `oauth` is required.
       * @visibility secret
       */
      token?: string;
      /** File with an API token, read again for each request. */
      tokenFile?: string;
      /** A client of authentik that gets access tokens for its API, instead of a token that lives long. */
      oauth?: {
        clientId: string;
        /**
         * Secret of the client; or `tokenFile`.
         * @visibility secret
         */
        clientSecret?: string;
        /** File with the token of another issuer that the provider federates, such as a projected service-account token. */
        tokenFile?: string;
      };
      /** PEM file with the certificate authority of the instance, where the system does not know it. */
      caFile?: string;
      /**
       * Origin that requests are sent to instead of the public URL, such as http://authentik-server.authentik.svc: they name
       * the public host in Host and X-Forwarded-*.
       */
      internalUrl?: string;
      /**
       * Headers of each request, such as the service token of a proxy in front of the system.
       * @deepVisibility secret
       */
      headers?: { [name: string]: string };
      /** Certificate that this backend shows, as PEM files; the key has no passphrase. */
      clientCertificate?: { certFile: string; keyFile: string };
      /** Deadline of one request, 80 seconds at most. Default: 15 seconds. */
      timeout?: import('@backstage/types').HumanDuration | string;
      /**
       * Name of the certificate that new providers sign tokens with; one that has a usable key keeps it. Where it is not
       * there or cannot sign, another is taken and the task log says so. Default: a new certificate for each application,
       * since the gateway accepts the tokens of every application that signs with the same key.
       */
      signingKey?: string;
      /** How long such a new certificate is valid. Default: 365 days. */
      signingKeyValidity?: import('@backstage/types').HumanDuration | string;
      /**
       * How long authentik may take for one write, 80 seconds at most. Default: 60 seconds. A busy authentik carries a
       * write out although it was given up; its outcome is then looked up.
       */
      writeTimeout?: import('@backstage/types').HumanDuration | string;
      /**
       * Warn before a change of an application or provider that a blueprint manages, and would change back. The account needs
       * `authentik_blueprints.view_blueprintinstance`. Default: false.
       */
      checkBlueprints?: boolean;
      /**
       * How a new application is created: by single writes, in an order in which it is never open to everyone, or in
       * authentik's one transaction, which takes a busy server several times as long. Default: `singleWrites`.
       */
      creation?: 'singleWrites' | 'transaction';
    }>;
    /** The Hoop.dev installations. */
    gateways?: Array<{
      /** Name by which entities refer to this gateway. */
      name: string;
      /** What people read. Default: the name. */
      title?: string;
      /** Public URL, such as https://hoop.company, without a path. */
      url: string;
      /**
       * Accept a plain http URL of a host other than this machine, though tokens and secrets are sent there; for where
       * something else encrypts it, such as a service mesh. Default: false.
       */
      dangerouslyAllowHttp?: boolean;
      /** Name of the authentik instance. Default: the only one there is. */
      authentik?: string;
      /** Slug of the authentik application. Default: the name of the gateway. */
      application?: string;
      /** authentik group whose members administer the gateway. Default: `admin`. */
      adminGroup?: string;
      /**
       * Names of the authentik groups that have to be bound to the application; a missing binding fails its check. An empty
       * list says that everyone may sign in: that all bindings are gone is then no failure.
       */
      allowedGroups?: string[];
      /** Claim in which authentik lists the groups of a person. Default: `groups`. */
      groupsClaim?: string;
      /** Scopes that the gateway requests beside openid, email and profile (`IDP_CUSTOM_SCOPES`); their mappings must exist. */
      extraScopes?: string[];
      /**
       * References of the groups and users who decide about requests for this gateway. Default: the owner of the entity for
       * which something is requested.
       */
      approvers?: string[];
      /** PEM file with the certificate authority of the gateway, where the system does not know it. */
      caFile?: string;
      /**
       * Origin that requests are sent to instead of the public URL, such as http://hoopgateway.hoop.svc:8009: they name
       * the public host in Host and X-Forwarded-*.
       */
      internalUrl?: string;
      /**
       * Headers of each request, such as the service token of a proxy in front of the system.
       * @deepVisibility secret
       */
      headers?: { [name: string]: string };
      /** Certificate that this backend shows, as PEM files; the key has no passphrase. */
      clientCertificate?: { certFile: string; keyFile: string };
      /** Deadline of one request, 80 seconds at most. Default: 15 seconds. */
      timeout?: import('@backstage/types').HumanDuration | string;
      /**
       * Account of authentik to prove sign-ins with, one without a second factor. It becomes a user of the gateway: give it
       * no rights there.
       */
      testAccount?: {
        username: string;
        /** @visibility secret */
        password: string;
      };
      /**
       * Key of an administrator of the gateway (`hpk_…`, or a static key), to read the configuration that the gateway
       * stores itself. Needed by the target `gatewayApi`, which writes it.
       * @visibility secret
       */
      apiKey?: string;
      /** Where the gateway reads its settings. */
      target:
        | {
            type: 'kubernetes';
            /** The cluster the gateway runs in. */
            cluster:
              | {
                  /** Path of a kubeconfig file. */
                  kubeconfig: string;
                  /** Context in it. Default: its current context. */
                  context?: string;
                  /**
                   * Run the program that `exec` of the user names, without a shell, to get a token; for EKS, GKE and AKS
                   * outside of their own cloud. Default: false, and such a user is refused.
                   */
                  allowExec?: boolean;
                  /**
                   * Names of environment variables of this backend that the program gets beside PATH, HOME, TMPDIR and LANG,
                   * such as AWS_PROFILE.
                   */
                  execEnvironment?: string[];
                }
              | {
                  /** The cluster this backend runs in, with its service account. */
                  inCluster: true;
                }
              | {
                  /**
                   * Name of a cluster of Backstage's own Kubernetes plugin, of any locator. Where
                   * `kubernetes.clusterLocatorMethods` has its credentials (`serviceAccount`, `localKubectlProxy`), the
                   * cluster is called directly, else through the proxy of that plugin's backend.
                   */
                  name: string;
                  /**
                   * Call the cluster through the proxy in any case: for one that a module of the Kubernetes plugin supplies, or
                   * where every call is to be in that plugin's audit log. Default: false.
                   */
                  viaProxy?: boolean;
                };
            namespace: string;
            /** Default: `hoopgateway`. */
            deployment?: string;
            /** Default: the container called `hoopgateway`, or the only one. */
            container?: string;
            /**
             * ConfigMap for the settings that are not secret; made when missing. Default: the one that the Deployment already
             * reads settings from, else `hoopgateway-idp`.
             */
            configMap?: string;
            /**
             * Secret for the client secret; made when missing. Default: the one that the Deployment already reads settings
             * from, else `hoopgateway-idp`.
             */
            secret?: string;
            /** `secret` keeps all five settings in one Secret. Default: `configMap`. */
            settingsIn?: 'configMap' | 'secret';
            /** `configMap` keeps all five settings in the ConfigMap, as the guide shows it. Default: `secret`. */
            clientSecretIn?: 'secret' | 'configMap';
            /**
             * Keys of the objects for settings that the Deployment reads by `valueFrom` under another name, such as
             * `clientId` and `clientSecret`. Default: the names of the variables.
             */
            keyNames?: {
              IDP_CLIENT_ID?: string;
              IDP_CLIENT_SECRET?: string;
            };
            /** How long a rollout may take. Default: five minutes. */
            rolloutTimeout?: import('@backstage/types').HumanDuration | string;
            /** How long writes that restore the previous settings are retried while the cluster does not answer. Default: one minute. */
            restoreTimeout?: import('@backstage/types').HumanDuration | string;
          }
        | {
            /** The gateway's own stored configuration; needs `apiKey`. */
            type: 'gatewayApi';
          }
        | {
            /** A Helm values file in a repository, changed by pull requests. */
            type: 'helmValues';
          }
        | {
            /** The env file of a docker compose installation. */
            type: 'envFile';
          };
    }>;
  };
  /** What is read of the Kubernetes plugin's configuration; its own schema need not be installed. */
  kubernetes?: {
    clusterLocatorMethods?: Array<{
      clusters?: Array<{
        /** @visibility secret */
        serviceAccountToken?: string;
        authMetadata?: {
          /** @visibility secret */
          serviceAccountToken?: string;
        };
      }>;
    }>;
  };
}
