/** What the guide and the operator's configuration add to a spec. @public */
export interface ApplicationContext {
  authentikBaseUrl: string;
  redirectUri: string;
  /** Certificate named in app-config, for providers that have no usable one. */
  preferredSigningKey: string | undefined;
  now: Date;
}
