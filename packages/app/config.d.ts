export interface Config {
  app?: {
    /**
     * Whether authentik, Kubernetes and the gateway are stand-ins; every page then says so.
     * @visibility frontend
     */
    sandbox?: boolean;
  };
}
