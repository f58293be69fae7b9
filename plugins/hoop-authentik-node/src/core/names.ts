/** The characters authentik accepts in an application slug. */
const SLUG = /^[-a-zA-Z0-9_]+$/;

/** DNS subdomain (RFC 1123), which Kubernetes requires of object names. */
const OBJECT_NAME =
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether authentik accepts the characters of an application slug. @internal */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/** Whether Kubernetes accepts a text as the name of an object. @internal */
export function isObjectName(text: string): boolean {
  return OBJECT_NAME.test(text);
}
